"""The contract, by which requests and answers are checked.

`contract`   finds the operation of a request; checks every request and every answer of the sandbox
`documents`  the files of `openapi/`
`operation`  one operation as data
`media`      the names that each kind of media has in requests and answers
`schemas`    schemas, prepared for the validating library
`values`     the values of a query, a form or a JSON body
`fields`     the parameter `fields`: partial answers
"""
