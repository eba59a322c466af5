// SPDX-License-Identifier: GPL-3.0-or-later
// The lines that a site gets, by where they are pasted.

export const PLACES = ['html', 'gtm', 'shopify', 'shopware', 'woocommerce', 'magento', 'spa', 'npm'] as const;
export type Place = (typeof PLACES)[number];

/* Holds the page back until the first decision, and never for longer than its last number says. */
const GATE =
    '!function(d,e,k,t){var s=d.documentElement.style,g=window.mete_gate={at:performance.now(),' +
    'open:function(){s.opacity=""}},j=d.createElement("script");s.setProperty("opacity","0","important");' +
    'setTimeout(g.open,t);j.src=e+"/sdk.js";j.dataset.key=k;j.dataset.timeout=t;d.head.appendChild(j)}';

const TIMEOUT_MS = 300;

/* As it stands in a script: nothing in it ends the script. */
const quoted = (text: string): string => JSON.stringify(text).replace(/</g, '\\u003c');

const gated = (edge: string, key: string): string =>
    `<script>${GATE}(document,${quoted(edge)},${quoted(key)},${TIMEOUT_MS})</script>`;

/* A tag manager comes when the page is painted: holding it back then would make it flash. It drops data-… of scripts
   that stand in its tags, so the script is made. */
const late = (edge: string, key: string): string => `<script>
  (function () {
    var script = document.createElement('script');
    script.src = ${quoted(`${edge}/sdk.js`)};
    script.dataset.key = ${quoted(key)};
    script.dataset.gate = 'off';
    document.head.appendChild(script);
  })();
</script>`;

const shopware = (line: string): string => `{% sw_extends '@Storefront/storefront/layout/meta.html.twig' %}

{% block layout_head_meta_tags_charset %}
    {{ parent() }}
    {% verbatim %}${line}{% endverbatim %}
{% endblock %}`;

const woocommerce = (line: string): string => `add_action('wp_head', function () { ?>
${line}
<?php }, 1);`;

const npm = (edge: string, key: string): string => `import { createClient } from 'mete-sdk';

const mete = createClient({ key: ${quoted(key)}, edge: ${quoted(edge)} });
await mete.ready;`;

export function snippetOf(place: Place, edge: string, key: string): string {
    const base = edge.trim().replace(/\/+$/, '');
    const line = gated(base, key);
    if (place === 'gtm') return late(base, key);
    if (place === 'shopware') return shopware(line);
    if (place === 'woocommerce') return woocommerce(line);
    return place === 'npm' ? npm(base, key) : line;
}

/* Is it an address that a page could load a script from? */
export function isAddress(edge: string): boolean {
    try {
        return /^https?:$/.test(new URL(edge).protocol);
    } catch {
        return false;
    }
}
