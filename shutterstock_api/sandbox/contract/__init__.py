"""The contract: what may be asked, and what must be answered.

`contract`   finds the operation of a request; checks every request and every answer of the sandbox
`documents`  the files of `openapi/`
`operation`  one operation as data
`media`      the names that each kind of media has in requests and answers
`schemas`    schemas, made ready for the library that validates
`values`     the values of a query, a form or a JSON body
`fields`     the parameter `fields`: partial answers
"""
