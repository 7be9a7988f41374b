"""A believable company for looking around: everything in it is made by calling the product's own actions and flows.

`words` holds what it is made of, `company` founds it, `catalogue` fills dictionaries, prices and stores, `planning`
decides what will happen, `stories` tells what happens to one order, `making` plays all stories in order of time.
"""
