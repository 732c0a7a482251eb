"""Codes of languages (ISO 639-1) and countries (ISO 3166-1), and the English names by which people call them."""

import re

from rules.words import fold

_LANGUAGES = (
    "aa=afar ab=abkhazian ae=avestan af=afrikaans ak=akan am=amharic an=aragonese ar=arabic as=assamese av=avaric "
    "ay=aymara az=azerbaijani ba=bashkir be=belarusian bg=bulgarian bi=bislama bm=bambara bn=bangla bo=tibetan "
    "br=breton bs=bosnian ca=catalan ce=chechen ch=chamorro co=corsican cr=cree cs=czech cu=church_slavic cv=chuvash "
    "cy=welsh da=danish de=german dv=divehi dz=dzongkha ee=ewe el=greek en=english eo=esperanto es=spanish "
    "et=estonian eu=basque fa=persian ff=fula fi=finnish fj=fijian fo=faroese fr=french fy=western_frisian ga=irish "
    "gd=scottish_gaelic gl=galician gn=guarani gu=gujarati gv=manx ha=hausa he=hebrew hi=hindi ho=hiri_motu "
    "hr=croatian ht=haitian_creole hu=hungarian hy=armenian hz=herero ia=interlingua id=indonesian ie=interlingue "
    "ig=igbo ii=sichuan_yi ik=inupiaq io=ido is=icelandic it=italian iu=inuktitut ja=japanese jv=javanese ka=georgian "
    "kg=kongo ki=kikuyu kj=kuanyama kk=kazakh kl=kalaallisut km=khmer kn=kannada ko=korean kr=kanuri ks=kashmiri "
    "ku=kurdish kv=komi kw=cornish ky=kyrgyz la=latin lb=luxembourgish lg=ganda li=limburgish ln=lingala lo=lao "
    "lt=lithuanian lu=luba-katanga lv=latvian mg=malagasy mh=marshallese mi=maori mk=macedonian ml=malayalam "
    "mn=mongolian mr=marathi ms=malay mt=maltese my=burmese na=nauru nb=norwegian_bokmal nd=north_ndebele ne=nepali "
    "ng=ndonga nl=dutch nn=norwegian_nynorsk no=norwegian nr=south_ndebele nv=navajo ny=nyanja oc=occitan oj=ojibwa "
    "om=oromo or=odia os=ossetic pa=punjabi pi=pali pl=polish ps=pashto pt=portuguese qu=quechua rm=romansh rn=rundi "
    "ro=romanian ru=russian rw=kinyarwanda sa=sanskrit sc=sardinian sd=sindhi se=northern_sami sg=sango "
    "sh=serbo-croatian si=sinhala sk=slovak sl=slovenian sm=samoan sn=shona so=somali sq=albanian sr=serbian ss=swati "
    "st=southern_sotho su=sundanese sv=swedish sw=swahili ta=tamil te=telugu tg=tajik th=thai ti=tigrinya tk=turkmen "
    "tl=tagalog tn=tswana to=tongan tr=turkish ts=tsonga tt=tatar tw=twi ty=tahitian ug=uyghur uk=ukrainian ur=urdu "
    "uz=uzbek ve=venda vi=vietnamese vo=volapuk wa=walloon wo=wolof xh=xhosa yi=yiddish yo=yoruba za=zhuang "
    "zh=chinese zu=zulu "
)
_COUNTRIES = (
    "AD=andorra AE=united_arab_emirates AF=afghanistan AG=antigua_and_barbuda AI=anguilla AL=albania AM=armenia "
    "AO=angola AQ=antarctica AR=argentina AS=american_samoa AT=austria AU=australia AW=aruba AX=aland_islands "
    "AZ=azerbaijan BA=bosnia_and_herzegovina BB=barbados BD=bangladesh BE=belgium BF=burkina_faso BG=bulgaria "
    "BH=bahrain BI=burundi BJ=benin BL=st_barthelemy BM=bermuda BN=brunei BO=bolivia BQ=caribbean_netherlands "
    "BR=brazil BS=bahamas BT=bhutan BV=bouvet_island BW=botswana BY=belarus BZ=belize CA=canada CC=cocos_islands "
    "CD=democratic_republic_of_the_congo CF=central_african_republic CG=congo CH=switzerland CI=ivory_coast "
    "CK=cook_islands CL=chile CM=cameroon CN=china CO=colombia CR=costa_rica CU=cuba CV=cape_verde CW=curacao "
    "CX=christmas_island CY=cyprus CZ=czechia DE=germany DJ=djibouti DK=denmark DM=dominica DO=dominican_republic "
    "DZ=algeria EC=ecuador EE=estonia EG=egypt EH=western_sahara ER=eritrea ES=spain ET=ethiopia FI=finland FJ=fiji "
    "FK=falkland_islands FM=micronesia FO=faroe_islands FR=france GA=gabon GB=united_kingdom GD=grenada GE=georgia "
    "GF=french_guiana GG=guernsey GH=ghana GI=gibraltar GL=greenland GM=gambia GN=guinea GP=guadeloupe "
    "GQ=equatorial_guinea GR=greece GS=south_georgia_and_south_sandwich_islands GT=guatemala GU=guam GW=guinea-bissau "
    "GY=guyana HK=hong_kong HM=heard_and_mcdonald_islands HN=honduras HR=croatia HT=haiti HU=hungary ID=indonesia "
    "IE=ireland IL=israel IM=isle_of_man IN=india IO=british_indian_ocean_territory IQ=iraq IR=iran IS=iceland "
    "IT=italy JE=jersey JM=jamaica JO=jordan JP=japan KE=kenya KG=kyrgyzstan KH=cambodia KI=kiribati KM=comoros "
    "KN=st_kitts_and_nevis KP=north_korea KR=south_korea KW=kuwait KY=cayman_islands KZ=kazakhstan LA=laos LB=lebanon "
    "LC=st_lucia LI=liechtenstein LK=sri_lanka LR=liberia LS=lesotho LT=lithuania LU=luxembourg LV=latvia LY=libya "
    "MA=morocco MC=monaco MD=moldova ME=montenegro MF=st_martin MG=madagascar MH=marshall_islands MK=north_macedonia "
    "ML=mali MM=myanmar MN=mongolia MO=macao MP=northern_mariana_islands MQ=martinique MR=mauritania MS=montserrat "
    "MT=malta MU=mauritius MV=maldives MW=malawi MX=mexico MY=malaysia MZ=mozambique NA=namibia NC=new_caledonia "
    "NE=niger NF=norfolk_island NG=nigeria NI=nicaragua NL=netherlands NO=norway NP=nepal NR=nauru NU=niue "
    "NZ=new_zealand OM=oman PA=panama PE=peru PF=french_polynesia PG=papua_new_guinea PH=philippines PK=pakistan "
    "PL=poland PM=st_pierre_and_miquelon PN=pitcairn_islands PR=puerto_rico PS=palestine PT=portugal PW=palau "
    "PY=paraguay QA=qatar RE=reunion RO=romania RS=serbia RU=russia RW=rwanda SA=saudi_arabia SB=solomon_islands "
    "SC=seychelles SD=sudan SE=sweden SG=singapore SH=st_helena SI=slovenia SJ=svalbard_and_jan_mayen SK=slovakia "
    "SL=sierra_leone SM=san_marino SN=senegal SO=somalia SR=suriname SS=south_sudan ST=sao_tome_and_principe "
    "SV=el_salvador SX=sint_maarten SY=syria SZ=eswatini TC=turks_and_caicos_islands TD=chad "
    "TF=french_southern_territories TG=togo TH=thailand TJ=tajikistan TK=tokelau TL=timor-leste TM=turkmenistan "
    "TN=tunisia TO=tonga TR=turkey TT=trinidad_and_tobago TV=tuvalu TW=taiwan TZ=tanzania UA=ukraine UG=uganda "
    "UM=us_outlying_islands US=united_states UY=uruguay UZ=uzbekistan VA=vatican_city VC=st_vincent_and_grenadines "
    "VE=venezuela VG=british_virgin_islands VI=us_virgin_islands VN=vietnam VU=vanuatu WF=wallis_and_futuna WS=samoa "
    "YE=yemen YT=mayotte ZA=south_africa ZM=zambia ZW=zimbabwe "
)
# What people write for a language or country beside its code and name.
_OTHER_LANGUAGES = (
    "bengali=bn by=be cn=zh cz=cs deu=de dk=da eng=en farsi=fa filipino=tl flemish=nl fra=fr fre=fr ger=de gr=el "
    "ita=it jp=ja kurmanji=ku kz=kk mandarin=zh oriya=or pol=pl rus=ru spa=es ua=uk ukr=uk "
)
_OTHER_COUNTRIES = (
    "america=US britain=GB burma=MM cote_d_ivoire=CI czech_republic=CZ east_timor=TL el=GR england=GB "
    "great_britain=GB holland=NL korea=KR macedonia=MK palestinian_territories=PS russian_federation=RU swaziland=SZ "
    "turkiye=TR uae=AE uk=GB united_states_of_america=US usa=US vatican=VA "
)
# Domains of countries that everybody uses for something else.
_GENERIC = frozenset({"ai", "cc", "co", "fm", "gg", "io", "ly", "me", "sh", "to", "tv", "ws"})


def _table(text: str) -> dict[str, str]:
    """key=value pairs; an underscore stands for a space."""
    pairs = (pair.partition("=") for pair in text.split())
    return {key.replace("_", " "): value.replace("_", " ") for key, _, value in pairs}


LANGUAGES = _table("".join(_LANGUAGES))
COUNTRIES = _table("".join(_COUNTRIES))
_LANGUAGE_NAMES = {name: code for code, name in LANGUAGES.items()} | _table("".join(_OTHER_LANGUAGES))
_COUNTRY_NAMES = {name: code for code, name in COUNTRIES.items()} | _table("".join(_OTHER_COUNTRIES))


def language_named(text: str) -> str:
    """The code of a language that somebody calls so ("Ukrainian", "ua", "pt-BR"); empty when there is none."""
    name = _plain(text)
    base = re.split(r"[-_ ]", name)[0]
    return _LANGUAGE_NAMES.get(name, "") or (base if base in LANGUAGES else "")


def country_named(text: str) -> str:
    """The code of a country that somebody calls so ("Ukraine", "UK"); empty when there is none."""
    name = _plain(text)
    return _COUNTRY_NAMES.get(name, "") or (name.upper() if name.upper() in COUNTRIES else "")


def country_of_host(host: str) -> str:
    """The country whose domain a host is under; empty when it is under no country's, or under one used by all."""
    last = host.rstrip(".").rpartition(".")[2].lower()
    code = "GB" if last == "uk" else last.upper()
    return code if "." in host and last not in _GENERIC and code in COUNTRIES else ""


def _plain(text: str) -> str:
    return re.sub(r"[^\w-]+", " ", fold(text)).strip()
