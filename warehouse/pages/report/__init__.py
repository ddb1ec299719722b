"""The report: one HTML file that shows what the published file holds and opens without a network.

``data`` asks the file, ``places`` and ``outlines`` find where to draw, ``charts`` draws, ``tables`` says the
same in rows, ``page`` puts it together.
"""
