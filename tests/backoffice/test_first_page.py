"""The first page counts what is true now, in the stores one sees."""

from .places import Place


def figures(client) -> dict[str, int]:
    cards = client.get("/admin/").context["attention_cards"]
    return {card["label"]: card["count"] for card in cards}


def test_it_counts_who_waits(ann, ours, theirs):
    counts = figures(ann)

    assert counts["in line, waiting for somebody to be free"] == 1
    assert counts["wait for a realtor's answer"] == 1


def test_the_operator_s_counts_are_of_all_stores(operator, ours, theirs):
    assert figures(operator)["in line, waiting for somebody to be free"] == 2


def test_every_figure_leads_to_the_rows_it_counts(ann, ours):
    page = ann.get("/admin/")

    for card in [*page.context["attention_cards"][:2], *page.context["today_cards"]]:
        rows = ann.get(card["link"]).context["cl"]
        assert rows.result_count == card["count"], card


def test_a_manager_s_page_names_no_other_store(ann, ours: Place, theirs: Place):
    html = ann.get("/admin/").content.decode()

    assert ours.store.name in html
    assert theirs.store.name not in html
