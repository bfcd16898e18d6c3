"""The building blocks of the catalogues: subjects, settings, lights, categories, contributors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from .colours import COLOURS

WORD = re.compile(r"[^\W_]+")

#: Words too common to search for; a query made of them alone finds everything.
STOP_WORDS = frozenset(
    "a an and are as at be but by for from had has have he her his i if in into is it its near not of on or "
    "our over she so that the their them then there these they this to under up was we were when which while "
    "who will with you your".split()
)

CATEGORIES: dict[str, str] = {
    "Transportation": "0",
    "Animals/Wildlife": "1",
    "Buildings/Landmarks": "2",
    "Backgrounds/Textures": "3",
    "Business/Finance": "4",
    "Education": "5",
    "Food and drink": "6",
    "Healthcare/Medical": "7",
    "Holidays": "8",
    "Objects": "9",
    "Industrial": "10",
    "Arts": "11",
    "Nature": "12",
    "People": "13",
    "Religion": "14",
    "Science": "15",
    "Technology": "16",
    "Signs/Symbols": "17",
    "Sports/Recreation": "18",
    "Interiors": "21",
    "Miscellaneous": "22",
    "Vintage": "24",
    "Parks/Outdoor": "25",
    "Abstract": "26",
    "Beauty/Fashion": "27",
    "Celebrities": "31",
}


@dataclass(frozen=True)
class People:
    """The people in the picture: how many (4 means four or more), their gender and age."""

    number: int = 0
    gender: str | None = None
    age: str | None = None


@dataclass(frozen=True)
class Phrase:
    """A piece of a description, with its keywords and its category."""

    text: str
    keywords: tuple[str, ...] = ()
    category: str | None = None
    people: People = People()

    @property
    def words(self) -> frozenset[str]:
        """Every word by which a search finds this phrase."""
        told = " ".join((self.text, *self.keywords, self.category or ""))
        return frozenset(WORD.findall(told.lower())) - STOP_WORDS


@dataclass(frozen=True)
class Contributor:
    """Who made something."""

    id: str
    name: str
    country: str


def _phrases(table: str, *, subjects: bool = False) -> tuple[Phrase, ...]:
    """Read `text | keywords | category | number gender age` lines."""
    found = []
    for line in table.strip().splitlines():
        text, keywords, category, people = ([cell.strip() for cell in line.split("|")] + ["", "", ""])[:4]
        number, gender, age = [*people.split(), "-", "-"][:3] if people else ("0", "-", "-")
        own = tuple(WORD.findall(text)) if subjects else ()
        found.append(
            Phrase(
                text=text,
                keywords=tuple(dict.fromkeys((*own, *keywords.split()))),
                category=category or None,
                people=People(int(number), gender.strip("-") or None, age.strip("-") or None),
            )
        )
    return tuple(found)


SUBJECTS = _phrases(
    """
    cat | kitten feline pet whiskers animal | Animals/Wildlife
    dog | puppy canine pet animal friend | Animals/Wildlife
    horse | stallion mane gallop animal | Animals/Wildlife
    owl | bird feather nocturnal wildlife | Animals/Wildlife
    fox | wildlife fur predator animal | Animals/Wildlife
    elephant | safari trunk wildlife africa | Animals/Wildlife
    butterfly | insect wings fragile | Animals/Wildlife
    whale | ocean mammal marine giant | Animals/Wildlife
    rabbit | bunny fur pet animal | Animals/Wildlife
    parrot | bird tropical feather pet | Animals/Wildlife
    mountain | peak summit alpine landscape lake | Nature
    waterfall | river stream cascade landscape | Nature
    forest | trees woodland green landscape | Nature
    sunflower | flower blossom petal summer | Nature
    rose | flower petal romance blossom | Nature
    beach | sand coast ocean shore | Nature
    desert | dunes sand dry landscape | Nature
    lake | water reflection calm landscape mountain | Nature
    rainbow | sky weather rain arc | Nature
    volcano | lava eruption crater landscape | Nature
    autumn leaf | foliage season maple fall | Nature
    apple | fruit fresh vitamin harvest | Food and drink
    pizza | italian cheese dinner baked | Food and drink
    coffee cup | espresso drink breakfast cafe | Food and drink
    sushi | japanese rice fish seafood | Food and drink
    birthday cake | dessert sweet candle celebration | Food and drink
    salad bowl | vegetable vegan healthy lunch | Food and drink
    loaf of bread | bakery wheat baked grain | Food and drink
    glass of wine | alcohol vineyard drink toast | Food and drink
    strawberry | berry fruit dessert sweet | Food and drink
    avocado | fruit healthy vegan guacamole | Food and drink
    skyscraper | tower office downtown architecture | Buildings/Landmarks
    castle | fortress medieval history tower | Buildings/Landmarks
    bridge | river crossing engineering steel | Buildings/Landmarks
    lighthouse | coast beacon sea navigation | Buildings/Landmarks
    windmill | farm mill rural energy | Buildings/Landmarks
    cottage | house village rural home | Buildings/Landmarks
    cathedral | church gothic faith architecture | Religion
    temple | shrine worship faith architecture | Religion
    candle | flame prayer light wax | Religion
    laptop computer | notebook keyboard screen workplace | Technology
    smartphone | phone mobile screen app | Technology
    robot | machine automation future android | Technology
    circuit board | chip electronics processor hardware | Technology
    server rack | data cloud network hosting | Technology
    drone | flying camera aerial gadget | Technology
    camera | lens photography film shutter | Technology
    microscope | laboratory research biology lens | Science
    test tube | laboratory chemistry experiment glass | Science
    planet | space astronomy orbit galaxy | Science
    telescope | astronomy stars observation sky | Science
    stethoscope | doctor hospital clinic heart | Healthcare/Medical
    medicine pills | pharmacy drug tablet vitamin | Healthcare/Medical
    ambulance | emergency rescue hospital paramedic | Healthcare/Medical
    bar chart | graph growth statistics report | Business/Finance
    piggy bank | savings money coin investment | Business/Finance
    stack of coins | money currency cash wealth | Business/Finance
    handshake | agreement deal partnership contract | Business/Finance | 2
    business team | meeting office colleagues corporate | Business/Finance | 4 both 30s
    businesswoman | manager office career leader | Business/Finance | 1 female 40s
    businessman | manager office career suit | Business/Finance | 1 male 40s
    school classroom | teacher pupils lesson board | Education | 4 both children
    pile of books | library reading study paper | Education
    student | university campus study learning | Education | 1 female 20s
    graduation cap | diploma university degree ceremony | Education
    young woman | girl portrait smile lady | People | 1 female 20s
    young man | guy portrait smile adult | People | 1 male 20s
    happy family | parents kids mother father together | People | 4 both 30s
    elderly couple | grandparents senior retirement love | People | 2 both 60s
    baby | infant newborn toddler cute | People | 1 - infants
    group of friends | friendship laughing together party | People | 4 both 20s
    grandmother | senior woman smile wrinkles | People | 1 female older
    father with child | parent son fatherhood care | People | 2 male 30s
    teenage girl | teen youth portrait headphones | People | 1 female teenagers
    chef | cook kitchen restaurant apron | People | 1 male 50s
    runner | jogging marathon sprint athlete fitness | Sports/Recreation | 1 male 30s
    yoga class | meditation stretching wellness balance fitness | Sports/Recreation | 3 female 30s
    football | soccer ball goal stadium | Sports/Recreation
    tennis racket | ball court match serve | Sports/Recreation
    bicycle | bike cycling wheel pedal | Sports/Recreation
    surfboard | surfing wave ocean board | Sports/Recreation
    skis | skiing winter slope snow | Sports/Recreation
    tent | camping hiking adventure travel | Parks/Outdoor
    park bench | wooden seat rest path | Parks/Outdoor
    campfire | flames camping logs warmth | Parks/Outdoor
    fountain | water park stone square | Parks/Outdoor
    steam train | railway locomotive track travel | Transportation
    sports car | automobile speed vehicle road | Transportation
    sailing boat | yacht sea sail wind | Transportation
    airplane | aircraft flight travel airport | Transportation
    city bus | public traffic street vehicle | Transportation
    motorcycle | motorbike ride engine vehicle | Transportation
    hot air balloon | flight basket sky adventure | Transportation
    christmas tree | xmas decoration ornament winter gift | Holidays
    halloween pumpkin | lantern spooky october carved | Holidays
    fireworks | celebration newyear night spark | Holidays
    easter eggs | spring painted basket tradition | Holidays
    gift box | present ribbon surprise bow | Holidays
    factory | plant manufacturing industry chimney | Industrial
    construction crane | site building steel worker | Industrial
    wind turbine | energy renewable electricity power | Industrial
    solar panel | energy renewable electricity roof | Industrial
    welder | metal sparks worker steel | Industrial | 1 male 40s
    oil painting | canvas artist gallery brush | Arts
    violin | music instrument orchestra string | Arts
    piano keys | music instrument melody concert | Arts
    ballet dancer | dance stage performance grace | Arts | 1 female 20s
    theatre mask | drama stage comedy costume | Arts
    sculpture | statue marble museum figure | Arts
    living room | sofa furniture apartment decor | Interiors
    kitchen | cabinets stove furniture home | Interiors
    bedroom | bed pillow furniture cozy | Interiors
    bookshelf | library books furniture home | Interiors
    key | lock security door metal | Objects
    wall clock | time hour dial watch | Objects
    umbrella | rain weather protection handle | Objects
    light bulb | idea lamp electricity invention | Objects
    pair of scissors | cut tool sharp paper | Objects
    suitcase | luggage baggage travel trip | Objects
    arrow sign | direction pointer symbol way logo | Signs/Symbols
    heart icon | love symbol valentine shape logo | Signs/Symbols
    traffic light | signal stop road warning | Signs/Symbols
    peace symbol | freedom hope sign dove logo | Signs/Symbols
    lipstick | makeup cosmetics glamour lips | Beauty/Fashion
    fashion model | style glamour dress runway | Beauty/Fashion | 1 female 20s
    perfume bottle | fragrance cosmetics glass scent | Beauty/Fashion
    leather shoes | footwear style boots wear | Beauty/Fashion
    film star | celebrity premiere carpet fame actor | Celebrities | 1 both 40s
    rock singer | celebrity concert stage music fame | Celebrities | 1 male 50s
    typewriter | retro antique writing keys | Vintage
    gramophone | retro record music antique | Vintage
    pocket watch | retro antique time chain | Vintage
    postcard | retro letter stamp mail | Vintage
    marble texture | stone pattern surface wallpaper | Backgrounds/Textures
    wooden planks | timber board pattern surface | Backgrounds/Textures
    brick wall | masonry pattern surface urban | Backgrounds/Textures
    paper texture | sheet pattern surface blank | Backgrounds/Textures
    geometric shapes | triangle polygon pattern modern logo | Abstract
    liquid waves | fluid flow curve gradient | Abstract
    light particles | glow bokeh sparkle blur | Abstract
    paint splash | ink drop spray colorful | Abstract
    jigsaw puzzle | piece game solution connect | Miscellaneous
    chess board | game strategy king pawn | Miscellaneous
    message in a bottle | secret letter glass sea | Miscellaneous
    """,
    subjects=True,
)

ADJECTIVES = _phrases(
    """
    Beautiful | beauty
    Bright | vivid
    Calm | peaceful
    Cheerful | joy
    Classic | traditional
    Colorful | color
    Creative | creativity
    Delicate | fine
    Detailed | closeup
    Elegant | elegance
    Fresh | freshness
    Funny | humor
    Golden | shiny
    Huge | large
    Lonely | solitude
    Lovely | lovable
    Minimal | simple
    Modern | contemporary
    Mysterious | mystery
    Natural | organic
    Old | aged
    Perfect | ideal
    Quiet | silence
    Romantic | romance
    Rustic | country
    Small | little
    Strong | power
    Unusual | strange
    Warm | warmth
    Wild | untamed
    """
)

SETTINGS = _phrases(
    """
    in a garden | garden plants | Parks/Outdoor
    on a wooden table | wood table |
    by the sea | sea coast | Nature
    in the city | city urban street |
    under a blue sky | sky outdoor |
    in the snow | snow winter cold | Nature
    on a rooftop | rooftop panorama | Buildings/Landmarks
    in a studio | studio indoors |
    at a market | market shop trade |
    in the countryside | countryside field rural | Nature
    at home | home indoors house | Interiors
    in a museum | museum exhibition | Arts
    on an island | island tropical travel | Nature
    next to a window | window glass indoors | Interiors
    in the office | office work desk | Business/Finance
    on the road | road travel journey | Transportation
    in the rain | rain wet weather |
    at a festival | festival event crowd | Holidays
    in the workshop | workshop tools craft | Industrial
    in an old town | town history europe |
    on a hill | hill grass meadow | Nature
    in the kitchen | kitchen cooking | Food and drink
    """
)

#: The places of subjects that belong in a city.
PLACES = _phrases(
    """
    in Paris | paris france europe city travel | Buildings/Landmarks
    in New York | york usa america city travel | Buildings/Landmarks
    in London | london england europe city travel | Buildings/Landmarks
    in Tokyo | tokyo japan asia city travel | Buildings/Landmarks
    in Rome | rome italy europe city travel | Buildings/Landmarks
    in Berlin | berlin germany europe city travel | Buildings/Landmarks
    in Barcelona | barcelona spain europe city travel | Buildings/Landmarks
    in Istanbul | istanbul turkey asia city travel | Buildings/Landmarks
    in Rio de Janeiro | rio brazil america city travel | Buildings/Landmarks
    in San Francisco | francisco california usa city travel | Buildings/Landmarks
    in Sydney | sydney australia city travel | Buildings/Landmarks
    in Mumbai | mumbai india asia city travel | Buildings/Landmarks
    """
)
#: The subjects that belong in a city.
URBAN = frozenset(
    ("skyscraper", "bridge", "cathedral", "city bus", "traffic light", "fountain", "park bench", "postcard")
)

LIGHTS = _phrases(
    """
    at sunset | sunset dusk evening sun
    at sunrise | sunrise dawn morning sun
    at night | night dark moon stars
    in soft morning light | soft morning light
    on white background | white background isolated
    on black background | black background isolated
    seen from above | aerial top view
    close up | closeup macro detail
    with copy space | copyspace blank text
    with reflections | reflection mirror
    with shallow focus | blur focus bokeh
    in spring | spring season
    in summer | summer season
    in autumn | autumn season
    in winter | winter season
    in silhouette | silhouette shadow contrast
    """
)

#: The end of a description, by type; photographs and films need none.
TYPES: dict[str, Phrase] = {
    "photo": Phrase("photo", ("photo", "photography")),
    "illustration": Phrase("illustration", ("illustration", "drawing")),
    "vector": Phrase("vector illustration", ("vector", "illustration", "graphic")),
    "video": Phrase("video", ("video", "footage", "clip")),
}

FILMED = frozenset(("photo", "video"))

ETHNICITIES = (
    "african african_american black brazilian chinese caucasian east_asian hispanic japanese middle_eastern "
    "native_american pacific_islander south_asian southeast_asian other"
).split()

_FIRST_NAMES = (
    "Ana Boris Carla Dmitri Elif Farid Greta Hiro Ines Jonas Kim Lena Marco Nadia Omar Petra Quinn".split()
)
_LAST_NAMES = (
    "Alvarez Berg Costa Dubois Eriksen Fontana Grey Horvat Ito Jansen Kovacs Lindt Moreau Novak Olsen".split()
)
_COUNTRIES = "US GB DE FR ES IT PL UA TH IN JP BR CA AU SE TR MX KR ZA NL".split()

CONTRIBUTORS = tuple(
    Contributor(
        id=str(100_000 + 37 * number), name=f"{first} {last}", country=_COUNTRIES[number % len(_COUNTRIES)]
    )
    for number, (first, last) in enumerate(product(_FIRST_NAMES, _LAST_NAMES))
)


@lru_cache(maxsize=1)
def known_words() -> tuple[str, ...]:
    """Every word that a search can find, in alphabetical order."""
    groups = (SUBJECTS, ADJECTIVES, SETTINGS, PLACES, LIGHTS, tuple(TYPES.values()))
    words = {word for group in groups for phrase in group for word in phrase.words}
    return tuple(sorted(words | {colour.name for colour in COLOURS}))
