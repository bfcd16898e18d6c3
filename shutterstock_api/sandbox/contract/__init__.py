"""The contract: what may be asked, and what must be answered.

`contract`  reads `openapi/`, checks every request and every answer of the sandbox
`fields`    the parameter `fields`: partial answers
"""
