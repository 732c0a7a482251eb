"""Which outlets belong to one owner, so that `sources>=n` counts them once.

Publicly known facts of outlets that many people read: what the groups say of themselves on their sites, as of early
2025. An outlet that is not listed is its own owner; one that was sold since stays listed until somebody corrects it.
Agencies and portals that print others' texts are left out: whose text they print is told by the text.
"""

OWNED = """
    News Corp: wsj.com nypost.com marketwatch.com barrons.com thetimes.com thetimes.co.uk thesun.co.uk thesun.ie
        the-sun.com news.com.au theaustralian.com.au dailytelegraph.com.au heraldsun.com.au couriermail.com.au
    Gannett: usatoday.com azcentral.com freep.com indystar.com jsonline.com cincinnati.com tennessean.com
        dispatch.com northjersey.com desmoinesregister.com
    Hearst: sfchronicle.com houstonchronicle.com timesunion.com expressnews.com ctpost.com seattlepi.com
        statesman.com
    McClatchy: miamiherald.com sacbee.com kansascity.com charlotteobserver.com newsobserver.com star-telegram.com
    Lee: stltoday.com omaha.com richmond.com buffalonews.com
    Alden: chicagotribune.com nydailynews.com orlandosentinel.com mercurynews.com denverpost.com
        courant.com bostonherald.com ocregister.com
    New York Times: nytimes.com theathletic.com
    Comcast: nbcnews.com today.com sky.com
    Disney: abcnews.com go.com espn.com
    Paramount: cbsnews.com cbssports.com
    Fox: foxnews.com foxbusiness.com
    Postmedia: nationalpost.com financialpost.com ottawacitizen.com montrealgazette.com calgaryherald.com
        vancouversun.com theprovince.com torontosun.com edmontonjournal.com
    Torstar: thestar.com thespec.com therecord.com
    Bell: ctvnews.ca bnnbloomberg.ca cp24.com
    Nine: smh.com.au theage.com.au afr.com 9news.com.au brisbanetimes.com.au watoday.com.au
    Seven West: 7news.com.au thewest.com.au perthnow.com.au
    Reach: mirror.co.uk express.co.uk dailystar.co.uk dailyrecord.co.uk manchestereveningnews.co.uk
        liverpoolecho.co.uk walesonline.co.uk birminghammail.co.uk chroniclelive.co.uk mylondon.news irishmirror.ie
    DMG Media: dailymail.co.uk metro.co.uk inews.co.uk thisismoney.co.uk newscientist.com
    National World: scotsman.com yorkshirepost.co.uk newsletter.co.uk thestar.co.uk
    Newsquest: heraldscotland.com thenational.scot theargus.co.uk thenorthernecho.co.uk oxfordmail.co.uk
    Nikkei: ft.com nikkei.com
    Irish Times: irishtimes.com irishexaminer.com
    Axel Springer: bild.de welt.de politico.com politico.eu businessinsider.com businessinsider.de computerbild.de
        sportbild.de
    Ringier Axel Springer Polska: onet.pl fakt.pl
    Madsack: rnd.de haz.de neuepresse.de lvz.de ln-online.de maz-online.de kn-online.de ostsee-zeitung.de dnn.de
    Funke: waz.de nrz.de wp.de ikz-online.de morgenpost.de abendblatt.de braunschweiger-zeitung.de
        thueringer-allgemeine.de otz.de tlz.de
    Ippen: merkur.de tz.de fr.de hna.de kreiszeitung.de wa.de op-online.de
    Burda: focus.de bunte.de chip.de finanzen100.de
    NPG: swp.de stuttgarter-zeitung.de stuttgarter-nachrichten.de schwarzwaelder-bote.de
    DuMont: ksta.de express.de rundschau-online.de
    RTL: n-tv.de rtl.de stern.de geo.de capital.de
    Holtzbrinck: zeit.de tagesspiegel.de handelsblatt.com wiwo.de
    Ringier: blick.ch handelszeitung.ch libertatea.ro
    TX Group: tagesanzeiger.ch 20min.ch derbund.ch bazonline.ch 24heures.ch tdg.ch
    CH Media: aargauerzeitung.ch luzernerzeitung.ch tagblatt.ch
    Styria: diepresse.com kleinezeitung.at
    Ebra: estrepublicain.fr dna.fr lalsace.fr leprogres.fr ledauphine.com bienpublic.com republicain-lorrain.fr
        vosgesmatin.fr lejsl.com
    Sipa Ouest-France: ouest-france.fr actu.fr
    Le Monde: lemonde.fr nouvelobs.com telerama.fr courrierinternational.com huffingtonpost.fr
    Rossel: lesoir.be lavoixdunord.fr sudinfo.be courrier-picard.fr lunion.fr
    CMA Media: bfmtv.com laprovence.com latribune.fr corsematin.com
    LVMH: lesechos.fr leparisien.fr parismatch.com
    Bolloré: cnews.fr europe1.fr lejdd.fr
    IPM: lalibre.be dhnet.be lavenir.net
    RCS: corriere.it gazzetta.it elmundo.es marca.com expansion.com
    GEDI: repubblica.it lastampa.it huffingtonpost.it
    Monrif: quotidiano.net ilrestodelcarlino.it lanazione.it ilgiorno.it
    Caltagirone: ilmessaggero.it ilmattino.it ilgazzettino.it leggo.it corriereadriatico.it
    Vocento: abc.es elcorreo.com diariovasco.com larioja.com ideal.es diariosur.es lasprovincias.es
        elnortedecastilla.es hoy.es laverdad.es eldiariomontanes.es elcomercio.es
    Prisa: elpais.com as.com cadenaser.com cincodias.com huffingtonpost.es
    Prensa Ibérica: elperiodico.com lne.es levante-emv.com farodevigo.es diariodemallorca.es informacion.es
        laopiniondemurcia.es sport.es
    Godó: lavanguardia.com mundodeportivo.com
    Clarín: clarin.com lavoz.com.ar losandes.com.ar ole.com.ar tn.com.ar
    Globo: globo.com valor.com.br
    Folha: folha.com.br uol.com.br
    DPG: volkskrant.nl ad.nl trouw.nl parool.nl nu.nl demorgen.be hln.be
    Mediahuis: telegraaf.nl nrc.nl standaard.be nieuwsblad.be gva.be hbvl.be independent.ie limburger.nl wort.lu
    Schibsted: aftenposten.no vg.no bt.no e24.no aftenbladet.no aftonbladet.se svd.se
    Amedia: nettavisen.no ba.no nordlys.no
    Bonnier: dn.se expressen.se di.se sydsvenskan.se hd.se
    JP/Politikens: jyllands-posten.dk jp.dk politiken.dk eb.dk
    Sanoma: hs.fi is.fi
    Alma Media: iltalehti.fi kauppalehti.fi
    Agora: wyborcza.pl gazeta.pl tokfm.pl
    Delfi: delfi.ee delfi.lv delfi.lt
    Ukrainska Pravda: pravda.com.ua epravda.com.ua eurointegration.com.ua
    1+1: tsn.ua unian.ua unian.net
    Starlight: ictv.ua fakty.com.ua
    Rossiya Segodnya: ria.ru sputniknews.com sputnikglobe.com inosmi.ru
    National Media Group: iz.ru ren.tv 5-tv.ru
    Rambler: lenta.ru gazeta.ru rambler.ru
    Times Group: indiatimes.com timesofindia.com
    HT Media: hindustantimes.com livemint.com livehindustan.com
    Indian Express: indianexpress.com financialexpress.com jansatta.com loksatta.com
    SPH: straitstimes.com businesstimes.com.sg zaobao.com.sg
    Yomiuri: yomiuri.co.jp the-japan-news.com
    Media24: news24.com netwerk24.com
    BBC: bbc.com bbc.co.uk
"""


def _by_site() -> dict[str, str]:
    table: dict[str, str] = {}
    owner = ""
    for line in OWNED.splitlines():
        named, colon, sites = line.rpartition(":")
        owner = named.strip() if colon else owner
        table |= dict.fromkeys(sites.split(), owner)
    return table


_OWNERS = _by_site()


def owner_of(site: str) -> str:
    """Who owns the outlet of that registered site ("wsj.com": "News Corp"); empty where that is not known."""
    return _OWNERS.get(site, "")
