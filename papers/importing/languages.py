"""Foreign words that policy papers use, so that a screen reader says them right: a small glossary, as data.

Only words that the paper's own language does not own (English owns "détente", "regime" and "status quo"), and no proper
names: a term is marked as it is written here; one of several words also with a capital, as it begins a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

# In papers of a language: for each foreign language its terms.
GLOSSARY: dict[str, dict[str, str]] = {
    "en": {
        "la": """
            a fortiori; a posteriori; a priori; ab initio; actus reus; ad absurdum; ad infinitum; ad interim; ad
            nauseam; ad valorem; bona fides; casus belli; casus foederis; ceteris paribus; clausula rebus sic
            stantibus; compos mentis; condicio sine qua non; conditio sine qua non; corpus delicti; cui bono;
            cuius regio, eius religio; de iure; de jure; de lege ferenda; de lege lata; deus ex machina; divide
            et impera; erga omnes; ex aequo et bono; ex ante; ex cathedra; ex nihilo; ex officio; ex post; ex
            post facto; hic et nunc; hostis humani generis; ibidem; in absentia; in camera; in dubio pro reo; in
            extremis; in flagrante; in loco parentis; in medias res; in statu nascendi; inter alia; inter pares;
            ipso facto; ipso iure; ius ad bellum; ius cogens; ius gentium; ius in bello; jus ad bellum; jus
            cogens; jus gentium; jus in bello; jus post bellum; jus sanguinis; jus soli; lex specialis; lex
            posterior; locus standi; mare clausum; mare liberum; mare nostrum; mens rea; modus operandi; modus
            vivendi; mutatis mutandis; ne bis in idem; nolens volens; non liquet; nulla poena sine lege; nullum
            crimen sine lege; opinio juris; pacta sunt servanda; per definitionem; primus inter pares; pro
            futuro; quid pro quo; rebus sic stantibus; res communis; res judicata; res nullius; restitutio in
            integrum; sensu stricto; si vis pacem, para bellum; sine die; sine ira et studio; sine qua non;
            stricto sensu; lato sensu; largo sensu; sub rosa; sui generis; tabula rasa; terra incognita; terra
            nullius; tertium non datur; ultima ratio; ultra vires; uti possidetis; uti possidetis juris; vade
            mecum; vox populi
        """,
        "fr": """
            à la carte; amour propre; ancien régime; au courant; au fait; banlieue; banlieues; bête noire;
            bien-pensant; bon mot; bons mots; bourgeoisie; chargé d'affaires; chargés d'affaires; cordon
            sanitaire; corps diplomatique; coup de force; coup de grâce; coup de main; coup de théâtre; de haut
            en bas; défense tous azimuts; dirigisme; dirigiste; domaine réservé; droit de regard; entente
            cordiale; équipe; equipe; état-major; fait accompli; faits accomplis; faute de mieux; fin de siècle;
            fonctionnaires; force de frappe; force d'action rapide; gilets jaunes; grande école; grandes écoles;
            haute politique; hors de combat; idée fixe; idées reçues; immobilisme; je ne sais quoi; jusqu'au
            bout; laïcité; laisser-faire; lèse-majesté; levée en masse; mise en scène; mission civilisatrice;
            noblesse oblige; on dit; pied-noir; pieds-noirs; pis aller; politique du pire; porte-parole;
            pourparlers; raison d'état; raison d'être; raisons d'état; ressentiment; sans-papiers; savoir-faire;
            savoir-vivre; sans pareil; sauve qui peut; souverainisme; souverainiste; souverainistes;
            tiers-mondisme; tout court; tout azimut; tous azimuts; trahison des clercs; travaux préparatoires;
            trente glorieuses; volte-face
        """,
        "es": """
            caudillismo; caudillo; caudillos; compañero; compañeros; convivencia; desaparecidos; ejido; estado
            de las autonomías; fuero; fueros; golpista; golpistas; guerra sucia; hidalguía; hispanidad; junta
            militar; latifundio; latifundios; limpieza de sangre; mestizaje; pronunciamiento; pronunciamientos;
            reconquista; transición
        """,
        "it": """
            condottiere; condottieri; irredenta; irredentisti; mezzogiorno; mezzadria; partitocrazia; podestà;
            risorgimento; sacro egoismo; sottogoverno; terra irredenta; terre irredente; trasformismo
        """,
        "de": """
            Alleingang; Amtssprache; Anschluss; Aufarbeitung; Ausgleich; Aussenpolitik; Außenpolitik;
            Aussöhnung; Bundesländer; Drang nach Osten; Energiewende; Entspannungspolitik; Erbfeind;
            Erinnerungskultur; Feindbild; Feindbilder; Fingerspitzengefühl; Friedensdividende; Gastarbeiter;
            Gesamtkonzept; Geschichtspolitik; Gleichschaltung; Grossraum; Großraum; Grundgesetz; Heimat;
            Innenpolitik; Innerlichkeit; Kulturkampf; Kulturnation; Lebensraum; Machtpolitik; Mitteleuropa;
            Nachrüstung; Ostpolitik; Rechtsstaat; Schicksalsgemeinschaft; Schuldenbremse; Sonderweg;
            Staatsräson; Staatsvolk; Stammtisch; Sachzwang; Sachzwänge; Vergangenheitsbewältigung;
            Verfassungspatriotismus; Volksgeist; Vorfeld; Wandel durch Annäherung; Wandel durch Handel;
            Weltanschauung; Weltanschauungen; Weltpolitik; Westbindung; Westpolitik; Zeitenwende; Zivilmacht;
            Zwischeneuropa
        """,
        "ru": """
            apparatchiki; demokratizatsiya; derzhava; derzhavnost; derzhavnichestvo; gosudarstvennik;
            gosudarstvenniki; gosudarstvennost; khozraschet; kompromat; korenizatsiya; krysha; maskirovka;
            mnogopolyarnost; narod; narodnost; nomenklatura; perezagruzka; pravoslaviye; russkiy mir; russkii
            mir; rossiyanin; rossiyane; russkiye; samizdat; samoderzhaviye; siloviki; silovik; sobornost;
            sootechestvenniki; spetsnaz; sverkhderzhava; tamizdat; tandemokratiya; tusovka; uskoreniye;
            velikoderzhavnost; vertikal vlasti; vlast; zastoi; zastoy; zapadniki; blizhneye zarubezhye; blizhnee
            zarubezhe
        """,
    },
    "cs": {
        "en": """
            balance of power; burden sharing; capacity building; checks and balances; deep state; early warning;
            fact-checking; fake news; hard power; hate speech; host nation support; hub and spokes; level
            playing field; mainstreaming; open-source; opt-out; ownership; peacebuilding; peacekeeping; policy
            paper; power sharing; public diplomacy; rule of law; safe haven; sharp power; smart power; soft
            power; spill-over; spillover; stakeholder; stakeholders; state-building; statebuilding; think tank;
            think-tank; watchdog; wishful thinking; zero-sum
        """,
    },
}


@dataclass(frozen=True)
class Terms:
    """All foreign terms in papers of one language: what finds them, and the language of each."""

    pattern: re.Pattern[str]
    languages: dict[str, str]

    def marked(self, term: str) -> str:
        """The term with its language."""
        key = _key(term)
        code = self.languages.get(key) or self.languages[key[0].lower() + key[1:]]
        return f'<span lang="{code}">{term}</span>'


def _key(term: str) -> str:
    return " ".join(term.replace("’", "'").split())


def _pattern(term: str) -> str:
    """A term as a pattern; of several words it may begin a sentence, a single one with a capital may be a name."""
    first = f"[{term[0]}{term[0].upper()}]" if " " in term and term[0].islower() else re.escape(term[0])
    return first + re.escape(term[1:]).replace("'", "['’]").replace("\\ ", "\\s")


@cache
def foreign_words(language: str) -> Terms | None:
    """The foreign terms to look for in papers of a language (two letters), None where there are none."""
    found: dict[str, str] = {}
    for code, terms in GLOSSARY.get(language, {}).items():
        for term in terms.split(";"):
            found[_key(term)] = code
    if not found:
        return None
    # The longest first: "jus ad bellum" and not its beginning.
    pattern = "|".join(map(_pattern, sorted(found, key=lambda term: (-len(term), term))))
    return Terms(re.compile(rf"(?<![\w’'-])(?:{pattern})(?![\w-])"), found)
