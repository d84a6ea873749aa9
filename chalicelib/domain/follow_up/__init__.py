"""After the work: survey, revisits, sample and quotas, second asking, reopening, closing.

Who revisits is chosen in `revisitor`: the sample's rank (`sampling`), else by quota (`quotas`), else the
desk in turn. What keeps a case from closing is in `obligations` and `closing`.
"""
