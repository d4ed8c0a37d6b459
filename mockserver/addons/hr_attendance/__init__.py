"""Attendances: when employees came and went, and the hours they worked.

Covers what flow-hr-1 (17.0, 18.0, 19.0) and flow-random-days-1 (17.0) do with attendances.
Leaves out: overtime, which needs the company's thresholds; the kiosk; automatic check-outs and absences.
"""
