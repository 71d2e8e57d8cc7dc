"""The booking engine, written down as what it promises."""
