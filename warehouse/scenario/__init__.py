"""Demand scenarios: which projects would meet a demand, by when, where, and how sure that is.

``demand`` reads what is asked for, ``parameters`` holds every choice, ``world`` reads the published file,
``supply`` says what each project could yield, ``plan`` calls on projects in order of merit and strikes the
balance, ``sensitivity`` moves each parameter over its range, ``result`` lays all of it out as tables.
"""
