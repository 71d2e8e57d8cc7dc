"""A page that does everything wrong, to see that every check can fail."""

import random

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse

from stores.models import Store

MANY_QUERIES = 16
PAGE = """<!doctype html><html lang="xx"><head><title>Sins</title>
<link rel="stylesheet" href="http://elsewhere.example/style.css"></head>
<body style="margin:0"><h1>One</h1><h1>Two</h1>
<div style="width: 900px; color: #ccc; background: #fff">wide, and hard to read</div>
<img src="x" onerror="window.__ran = 1"><button></button>
<a href="javascript:alert(1)">a link</a>
<span class="material-symbols-outlined">no_such_icon</span>
<div id="late"></div><p>Text that is pushed away.<br>
By<br>what<br>comes<br>late.<br>All<br>of<br>it.</p>
<script>requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
  document.getElementById("late").style.height = "500px"; })));</script>
<style>@keyframes on { to { opacity: .5 } } p { animation: on 3s infinite }</style>
<script src="/static/js/no-such-script.js"></script><!-- %s --></body></html>"""


@csp_exempt()
def sinner(request: HttpRequest) -> HttpResponse:
    for _number in range(MANY_QUERIES):
        Store.objects.first()
    # Nothing makes it smaller on its way.
    noise = random.Random(1).randbytes(160_000).hex()
    return HttpResponse(PAGE % noise)
