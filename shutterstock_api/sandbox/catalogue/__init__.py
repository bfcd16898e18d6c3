"""What can be searched and licensed, none of it stored; `images` is a folder of its own.

`vocabulary`  words, colours, categories and contributors, of which everything is made
`bitmaps`     sets of ids as bits, and their orders
`query`       the language of the search box
"""
