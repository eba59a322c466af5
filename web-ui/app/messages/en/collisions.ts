// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'collision.title': {
        one: 'A running campaign touches the same',
        other: '{count} running campaigns touch the same',
    },
    'collision.both': 'Both touch {what}.',
    'collision.flag': 'the flag {key}',
    'collision.element': 'the element {selector}',
    'collision.place.redirect': 'a page that a redirect leads away from',
    'collision.place.banner_top': 'the banner on top',
    'collision.place.banner_bottom': 'the banner at the bottom',
    'collision.place.popin': 'the pop-in',
    'collision.theirs': 'Visitors of both see theirs, and do not count here.',
    'collision.ours': 'Visitors of both see this one, and do not count there.',
    'collision.join': 'Put this one into layer {layer} ({share} of it): they share no visitor',
    'collision.noLayer':
        '“{name}” runs without a layer, and a running campaign stays where it is. To part them, wait until it ends, choose other pages or audiences, or stop it and start a copy of it in a layer.',
    'collision.full': 'It runs in layer {layer}, which has no room left: nobody can join it there now.',
    'collision.started':
        'It runs in layer {layer}. What has started stays where it is: a copy of this campaign could join it there.',
    'editor.seed.title': 'Who gets what in the new phase?',
    'editor.seed.keep': 'Stay: visitors keep their variant',
    'editor.seed.keep.hint': 'For corrections of texts and the like. What they have seen before goes with them.',
    'editor.seed.new': 'Reshuffle: all are allotted anew',
    'editor.seed.new.hint': 'For a new question: nobody brings along what an earlier variant did.',
    'editor.seed.nobody': 'Nobody gets another variant than before.',
    'editor.seed.moved': 'About {share} of its visitors get another variant than before, or none.',
} as const;
