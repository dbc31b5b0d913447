"""Numbers that python-stdnum calls right or wrong, for tests/oracle.rs: one `check TAB number TAB 1|0`
a line. Only runs the library (LGPL) as an oracle; nothing is taken from it.

A template is a number's form: `#` any digit, `@` any letter, `[…]` one of these,
`{ymd}` `{dmy}` `{Ymd}` a day of birth, `?` a digit and `*` a digit or letter to be found by trying,
everything else itself."""

import random
import re
from importlib import import_module
from itertools import product
from string import ascii_uppercase, digits

COUNT = 200

# Check of Sekisho, module of stdnum, template.
IDENTIFIERS = """
us-ssn us.ssn [1234578]##-[1-9]#-[1-9]###
us-itin us.itin 9##-[78]#-####
us-bank-routing us.rtn 1[0-2]######?
uk-nhs-number gb.nhs [1-9]########?
uk-utr gb.utr ?#########
ie-pps ie.pps #######*
ie-pps ie.pps #######*A
de-tax-id de.idnr ##########?
at-svnr at.vnr [1-9]##?{dmy}
ch-ahv ch.ssn 756.####.####.#?
fr-nir fr.nir [12]{ym}[1-8]#######??
fr-nir fr.nir [12]{ym}2[AB]######??
nl-bsn nl.bsn [1-9]#######?
be-national-number be.nn {ymd}###??
se-personnummer se.personnummer {ymd}-###?
se-personnummer se.personnummer {Ymd}-###?
fi-hetu fi.hetu {dmy}-[1-8]##*
dk-cpr dk.cpr {dmy}-[0123]###
no-fodselsnummer no.fodselsnummer {dmy}[0-4]##??
is-kennitala is_.kennitala {dmy}-##?9
ee-isikukood ee.ik [34]{ymd}###?
lt-asmens-kodas lt.asmens [34]{ymd}###?
lv-personas-kods lv.pvn {dmy}1###?
es-dni es.dni ########*
es-nie es.nie [XYZ]#######*
pt-nif pt.nif [123]#######?
it-codice-fiscale it.codicefiscale @@@@@@##[ABCDEHLMPRST][012][1-9][A-M]###*
it-vat-number it.iva [1-9]######0[1-9]#?
gr-amka gr.amka {dmy}####?
gr-afm gr.vat [1-9]#######?
tr-tckn tr.tckimlik [1-9]########??
pl-pesel pl.pesel {ymd}####?
pl-nip pl.nip [1-9]########?
cz-rodne-cislo cz.rc {ymd54}/###?
ro-cnp ro.cnp [12]{ymd}[1-3][1-9]###?
bg-egn bg.egn {ymd}###?
si-emso si.emso {dm9y}[0-5]####?
hr-oib hr.oib ##########?
ca-sin ca.sin [1-7]##-###-##?
mx-curp mx.curp @[AEIOU]@@{ymd}[HM][NT]L[BCDFGHJ][BCDFGHJ][BCDFGHJ]#?
br-cpf br.cpf ###.###.###-??
br-cnpj br.cnpj ##.###.###/0001-??
ar-cuit ar.cuit 2[037]-########-?
cl-rut cl.rut [1-9]#######*
in-aadhaar in_.aadhaar [2-9]##########?
in-pan in_.pan @@@P@[1-9]###@
in-gstin in_.gstin 2[1-9]@@@P@[1-9]###@1Z*
cn-resident-id cn.ric 110101{Ymd}###*
kr-rrn kr.rrn {ymd}-[12]#####?
my-nric my.nric {ymd}-0[1-9]-####
th-pin th.pin [1-8]###########?
il-id il.idnr [1-9]#######?
au-tfn au.tfn [1-9]#######?
au-abn au.abn ??[1-9]########
nz-ird nz.ird [1-9]#######?
za-id za.idnr {ymd}####[01]8?
imei imei [1-9]#############?
iban iban DE??##################
iban iban FR??####################[A-Z]##
luhn luhn ###############?
bitcoin-address bitcoin
"""

# Made here: what follows is checked with general algorithms of the library.
def composed(name, number):
    luhn, verhoeff = import_module("stdnum.luhn"), import_module("stdnum.verhoeff")
    if name == "us-npi":
        return luhn.is_valid("80840" + number)
    if name == "iccid":
        return luhn.is_valid(number)
    if name == "lu-national-number":
        return luhn.is_valid(number[:12]) and verhoeff.is_valid(number[:11] + number[12])
    raise KeyError(name)

COMPOSED = """
us-npi [12]########?
iccid 8981#############[1-9]#?
lu-national-number {Ymd}###??
"""


def day(random):
    """Year, month, day of somebody born in the last century, no leap days."""
    return random.randint(1930, 1999), random.randint(1, 12), random.randint(1, 28)


def body(random, template):
    """A template with all but `?` and `*` filled in."""
    year, month, date = day(random)
    dates = {
        "{ymd}": f"{year % 100:02}{month:02}{date:02}",
        "{ymd54}": f"{random.randint(54, 99):02}{month:02}{date:02}",
        "{Ymd}": f"{year}{month:02}{date:02}",
        "{dmy}": f"{date:02}{month:02}{year % 100:02}",
        "{dm9y}": f"{date:02}{month:02}{year % 1000:03}",
        "{ym}": f"{year % 100:02}{month:02}",
    }
    for name, text in dates.items():
        template = template.replace(name, text)
    filled = []
    for token in re.findall(r"\[[^]]+\]|.", template):
        if token == "#":
            token = random.choice(digits)
        elif token == "@":
            token = random.choice(ascii_uppercase)
        elif token[0] == "[":
            choices = re.sub("(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), token[1:-1])
            token = random.choice(choices)
        filled.append(token)
    return "".join(filled)


def right(random, is_valid, template):
    """A number of the form that is right."""
    while True:
        number = body(random, template)
        places = [i for i, c in enumerate(number) if c in "?*"]
        for found in product(*(digits if number[i] == "?" else digits + ascii_uppercase for i in places)):
            tried = list(number)
            for place, character in zip(places, found):
                tried[place] = character
            tried = "".join(tried)
            if is_valid(tried):
                return tried


def mutated(random, number):
    """The same number with one digit changed, or two neighbours exchanged."""
    places = [i for i, c in enumerate(number) if c.isdigit()]
    place = random.choice(places)
    if random.random() < 0.7:
        other = random.choice([d for d in digits if d != number[place]])
        return number[:place] + other + number[place + 1:]
    following = places[(places.index(place) + 1) % len(places)]
    swapped = list(number)
    swapped[place], swapped[following] = swapped[following], swapped[place]
    return "".join(swapped)


def address(random):
    """A Bitcoin address, by the library's own alphabet and hash."""
    import hashlib
    payload = bytes([random.choice([0, 5])]) + bytes(random.randrange(256) for _ in range(20))
    data = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    alphabet, number, text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = alphabet[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def validator(name, module):
    """The library's judgement; `None` where it fails instead of judging."""
    judge = import_module("stdnum." + module).is_valid if module else lambda number: composed(name, number)

    def is_valid(number):
        try:
            return judge(number)
        except KeyError:
            return None

    return is_valid


def main():
    generator = random.Random(8)
    rows = [line.split() for line in IDENTIFIERS.split("\n") if line]
    rows += [[name, None, template] for name, template in map(str.split, COMPOSED.strip().split("\n"))]
    for name, module, *template in rows:
        is_valid = validator(name, module)
        for _ in range(COUNT):
            number = right(generator, is_valid, template[0]) if template else address(generator)
            for tried in (number, mutated(generator, number)):
                judged = is_valid(tried)
                if judged is not None:
                    print(name, tried, int(judged), sep="\t")


if __name__ == "__main__":
    main()
