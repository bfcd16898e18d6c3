"""What can be searched and licensed, none of it stored; each medium is a folder of its own.

`stock`         what licences, links and collections need to know of a medium
`vocabulary`    words, categories and contributors, of which everything is made
`colours`       groups of colours
`bitmaps`       sets of ids as bits, the patterns that they come from, and their orders
`query`         the language of the search box
`terms`         what people type there: corrected, completed, taken out of a text
`library`       what the catalogues of all media have in common
`searching`     from the parameters of a search to its results
`updates`       which items changed when
`images`        images: what is known of each, how they are found and shown
`videos`        videos, likewise
`sounds`        music and sound effects
`editorial`     events, and the images and videos of them
`contributors`  who makes the images, and the sets that they show
`music`         music that is made to order
"""
