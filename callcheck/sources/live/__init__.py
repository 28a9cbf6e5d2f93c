"""Which processes run on this machine, and which of them are one app's workers?

`processes` answers that; `near` alone is light enough to be asked at every start.
"""
