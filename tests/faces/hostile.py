"""What somebody types who wants a script of theirs to run in another person's browser.

Every text sets ``window.__ran`` if it ever runs; ``PROWLER`` finds what would have run, had the
content security policy not been there as well.
"""

SCRIPT = "<script>window.__ran=1</script>"
PICTURE = '"><img src=x onerror=__ran=1>'
QUOTE = "'-(__ran=1)-'"
LINK = "javascript:window.__ran=1"
DRAWING = "<svg/onload=__ran=1>"
ESCAPE = "</textarea></title></style></script>" + SCRIPT
TEMPLATE = "{{ 7*7 }}{% now 'Y' %}"

# Long enough to break a line that cannot break, and to run where it must not.
NAME = (PICTURE + "欧阳诸葛若兰")[:50]
NOTE = f"{SCRIPT} {PICTURE} {QUOTE} {DRAWING} {TEMPLATE} {ESCAPE} 请带上{'很' * 60}长的说明"
SHORT_NOTE = f"{PICTURE} {SCRIPT} {LINK} {QUOTE}"[:100]

# Runs in the page. What came out of a text as markup, and whether any of it ran.
PROWLER = """() => {
  const found = [];
  if (window.__ran !== undefined) found.push("a stored script ran");
  for (const one of document.querySelectorAll("script"))
    if (!one.src && one.textContent.includes("__ran") && !/json/.test(one.type))
      found.push("a stored script element");
  for (const one of document.querySelectorAll("*")) {
    for (const {name, value} of one.attributes) {
      if (name.startsWith("on")) found.push(`<${one.localName} ${name}>`);
      if (["href", "src", "action", "formaction", "xlink:href"].includes(name)
          && /^\\s*javascript:/i.test(value)) found.push(`${name}=${value}`);
    }
    if (one.matches("img[src='x'], iframe[srcdoc]")) found.push(one.outerHTML.slice(0, 80));
  }
  return found;
}"""
