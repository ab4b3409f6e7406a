"""Papers of an occasion: the sheet of a delegation, lists for signature, letters and envelopes, the list for the press.

Money never stands together with living alone, health or ID (design, section 11): the sheet holds neither money nor any of
these, the list for signature holds money and nothing of these, and no paper here opens a sealed value at all.
"""
