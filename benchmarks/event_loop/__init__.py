"""What calls from asyncio cost: `python -m benchmarks.event_loop` prints the ratios that the guide names.

* `delayed`: a server that takes its time for each answer
"""
