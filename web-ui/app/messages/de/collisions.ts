// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'collision.title': {
        one: 'Eine laufende Kampagne berührt dasselbe',
        other: '{count} laufende Kampagnen berühren dasselbe',
    },
    'collision.both': 'Beide berühren {what}.',
    'collision.flag': 'das Flag {key}',
    'collision.element': 'das Element {selector}',
    'collision.place.redirect': 'eine Seite, von der eine Weiterleitung wegführt',
    'collision.place.banner_top': 'das Banner oben',
    'collision.place.banner_bottom': 'das Banner unten',
    'collision.place.popin': 'das Pop-in',
    'collision.theirs': 'Besucher von beiden sehen die andere und zählen hier nicht.',
    'collision.ours': 'Besucher von beiden sehen diese und zählen dort nicht.',
    'collision.join': 'Diese in Ebene {layer} aufnehmen ({share} davon): sie teilen sich keinen Besucher',
    'collision.noLayer':
        '„{name}“ läuft ohne Ebene, und eine laufende Kampagne bleibt, wo sie ist. Um sie zu trennen: warten, bis sie endet, andere Seiten oder Zielgruppen wählen, oder sie stoppen und eine Kopie von ihr in einer Ebene starten.',
    'collision.full': 'Sie läuft in Ebene {layer}, in der kein Platz mehr ist: dort kann derzeit niemand hinzukommen.',
    'collision.started':
        'Sie läuft in Ebene {layer}. Was gestartet ist, bleibt, wo es ist: eine Kopie dieser Kampagne könnte dort hinzukommen.',
    'editor.seed.title': 'Wer erhält was in der neuen Phase?',
    'editor.seed.keep': 'Bleiben: Besucher behalten ihre Variante',
    'editor.seed.keep.hint': 'Für berichtigte Texte und dergleichen. Was sie bisher gesehen haben, nehmen sie mit.',
    'editor.seed.new': 'Neu mischen: alle werden neu zugeteilt',
    'editor.seed.new.hint': 'Für eine neue Frage: niemand bringt mit, was eine frühere Variante bewirkt hat.',
    'editor.seed.nobody': 'Niemand erhält eine andere Variante als bisher.',
    'editor.seed.moved': 'Etwa {share} der Besucher erhalten eine andere Variante als bisher oder keine.',
} as const;
