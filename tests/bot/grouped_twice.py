"""Made-up reports for the tests of evidence: two events told by several outlets, and look-alikes that must not join."""

from datetime import UTC, datetime, timedelta

from rules.document import Document

START = datetime(2026, 3, 10, 8, tzinfo=UTC)


def told(name: str, hours: float | None, title: str, body: str, lang: str = "en") -> Document:
    at = None if hours is None else START + timedelta(hours=hours)
    site = f"{name}.example"
    return Document(id=name, title=title, body=body, lang=lang, site=site, published_at=at)


FERRY = [
    told("courier", 0, "Ferry with 214 people on board runs aground off Marlow Head", (
        "The car ferry Northern Lark ran aground off Marlow Head early on Tuesday with 214 people on board. "
        "Captain Ines Halvorsen ordered everybody to put on life jackets; nobody was hurt. Lifeboats from Tarvik "
        "took 90 passengers off before noon.\n\nThe owner, Skagen Line, said that the steering had failed twenty "
        "minutes out of Tarvik. Halvorsen told reporters that the rudder did not answer any more. The Maritime "
        "Board sent two inspectors."
    )),
    told("ledger", 3, "Northern Lark: passengers taken off stranded ferry", (
        "Rescuers were taking passengers off the Northern Lark on Tuesday after the Skagen Line ferry hit rocks "
        "at Marlow Head. All 214 on board are safe, the coastguard in Tarvik said. \"We felt a blow and then it "
        "was very quiet,\" said Jonas Petter, who was driving to work.\n\nThe captain, Ines Halvorsen, has sailed "
        "the route for eleven years. According to the Maritime Board the vessel passed its last inspection in "
        "January. A tug is on its way to pull the Northern Lark free at high tide."
    )),
    told("evening", 9, "Skagen Line says rudder failed before ferry struck rocks", (
        "A broken rudder put the ferry Northern Lark on the rocks of Marlow Head, its owner Skagen Line said on "
        "Tuesday evening. The 214 passengers and crew had to wait for hours until lifeboats from Tarvik reached "
        "them.\n\nInspectors of the Maritime Board questioned Captain Ines Halvorsen in the afternoon. Skagen "
        "Line has taken a sister ship, the Southern Lark, out of service to have its steering examined. The tug "
        "Brisant is to tow the stranded ferry to Tarvik on Wednesday."
    )),
]  # fmt: skip
FERRY_DE = [
    told("bote", 2, "Fähre mit 214 Menschen läuft vor Marlow Head auf Grund", (
        "Die Autofähre Northern Lark ist am Dienstag vor Marlow Head auf Grund gelaufen. An Bord waren 214 "
        "Menschen, verletzt wurde niemand. Kapitänin Ines Halvorsen ließ Schwimmwesten anlegen. Rettungsboote aus "
        "Tarvik brachten 90 Passagiere an Land.\n\nDie Reederei Skagen Line teilte mit, das Ruder habe versagt. "
        "Das Maritime Board schickte zwei Prüfer nach Tarvik."
    ), "de"),
    told("anzeiger", 6, "Northern Lark: Rettungsboote holen Passagiere von Bord", (
        "Vor Marlow Head haben Helfer am Dienstag die Passagiere der gestrandeten Fähre Northern Lark von Bord "
        "geholt. Alle 214 Menschen seien in Sicherheit, sagte die Küstenwache in Tarvik. Ein Schlepper soll das "
        "Schiff der Skagen Line bei Flut freiziehen.\n\nIns Gespräch kam auch Kapitänin Ines Halvorsen: Das Ruder "
        "habe nicht mehr geantwortet. Die Prüfer des Maritime Board befragten Halvorsen am Nachmittag."
    ), "de"),
]  # fmt: skip
MINE = [
    told("visti", 1, "У Зоринську евакуювали шахту «Глибока» після обвалу", (
        "На шахті «Глибока» у Зоринську у вівторок стався обвал. На поверхню підняли 163 гірників, ще шестеро "
        "залишаються під землею. Про це повідомив міністр енергетики Остап Величко.\n\nЗа словами Величка, "
        "рятувальники чують стукіт з третього горизонту. Директорка компанії «Східвугілля» Марта Лозинська обіцяє "
        "допомогу родинам."
    ), "uk"),
    told("dzvin", 4, "Обвал на шахті «Глибока»: під землею шестеро гірників", (
        "Шестеро гірників опинилися у пастці після обвалу на шахті «Глибока» у Зоринську, решту, 163 людини, "
        "вивели. Рятувальники пробиваються до третього горизонту, сказав міністр Остап Величко.\n\nУ компанії "
        "«Східвугілля» заявили, що вентиляція працює. Марта Лозинська, директорка компанії, приїхала до Зоринська "
        "у вівторок увечері."
    ), "uk"),
]  # fmt: skip

QUAKES = [
    told("quake-1", 0, "Earthquake of magnitude 5.8 shakes Lermo", (
        "A strong earthquake of magnitude 5.8 shook the island of Lermo on Tuesday, the seismological institute "
        "said. The epicentre lay 20 km north of Castra at a depth of 11 km. In Castra people ran into the "
        "streets; two houses fell in. Mayor Luca Ferrando said that four people were treated in hospital."
    )),
    told("quake-2", 20, "Earthquake of magnitude 6.1 shakes Dorvan", (
        "A strong earthquake of magnitude 6.1 shook the coast of Dorvan on Wednesday, the seismological institute "
        "said. The epicentre lay 35 km south of Belisk at a depth of 40 km. In Belisk people ran into the "
        "streets; a bridge was damaged. Governor Mirela Stanko said that nobody was treated in hospital."
    )),
]  # fmt: skip
TRIALS = [
    told("trial-1", 0, "Former treasurer of Holmby sentenced to four years for fraud", (
        "A court in Holmby sentenced the former treasurer Peter Quill to four years in prison on Monday. Quill, "
        "51, had taken 1.3 million from the town's school fund. Judge Amara Nwosu spoke of a betrayal of the "
        "children. His lawyer, Ruth Sand, said that Quill would appeal."
    )),
    told("trial-2", 26, "Former bank clerk in Oxley sentenced to six years for fraud", (
        "A court in Oxley sentenced the former bank clerk Dana Rowe to six years in prison on Tuesday. Rowe, 38, "
        "had taken 2.7 million from accounts of elderly customers. Judge Henry Tolland spoke of cold planning. "
        "Her lawyer, Imran Vale, said that Rowe would not appeal."
    )),
]  # fmt: skip
RESULTS = [
    told("results-1", 0, "Alder AG raises forecast after strong quarter", (
        "Alder AG raised its forecast for the year on Tuesday after revenue rose 12 percent to 410 million euros "
        "in the second quarter. Operating profit came to 38 million euros. Chief executive Karin Voss pointed to "
        "demand for pumps in Asia. Shares rose four percent in Frankfurt."
    )),
    told("results-2", 5, "Brandt AG raises forecast after strong quarter", (
        "Brandt AG raised its forecast for the year on Tuesday after revenue rose 9 percent to 275 million euros "
        "in the second quarter. Operating profit came to 31 million euros. Chief executive Nils Auer pointed to "
        "demand for valves in Europe. Shares rose two percent in Frankfurt."
    )),
]  # fmt: skip
LOOK_ALIKES = {"quakes": QUAKES, "trials": TRIALS, "results": RESULTS}
