"""Music that is made to order.

`ensemble`  the styles that a piece can have, and the instruments and bands that play them
`timeline`  what a piece must be like, and how long it is
`score`     how a piece sounds, and how loud it is when
"""
