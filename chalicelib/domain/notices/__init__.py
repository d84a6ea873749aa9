"""Who is told what and what they may read: recipients, texts, what is held back, the history's readers.

A message that was due is not sent where it makes no sense any more (`suppression`), waits for the morning
(`until_morning`), another one says it (`grouping`), or its reader knows the time (`changed_times`);
addresses and caps are in `services/notices`.
"""
