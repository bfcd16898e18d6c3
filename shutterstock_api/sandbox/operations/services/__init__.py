"""What operations do that are about no medium: accounts, contributors, catalogs, renders, tests.

`users`  the user, the token, the subscriptions
"""
