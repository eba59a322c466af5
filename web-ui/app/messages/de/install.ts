// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'nav.install': 'Einbau',
    'install.light': 'Ist die Zeile auf der Website?',
    'install.light.dark': 'Noch kein Ereignis von der Website',
    'install.light.green': 'Die Website ist verbunden',
    'install.light.amber': 'Die Website schweigt seit mehr als einem Tag',
    'install.light.wait':
        'Setzen Sie die Zeile unten in Ihre Website ein und öffnen Sie eine ihrer Seiten: Dieses Licht wird wenige Sekunden später von selbst grün.',
    'install.light.not': 'Ereignisse der letzten sieben Tage; Importe und Simulationen zählen hier nicht.',
    'install.lastEvent': 'Letztes Ereignis:',
    'install.lastExposure': 'Zuletzt eine Variante gesehen:',
    'install.noExposure': 'Noch hat niemand eine Variante gesehen: Das beginnt mit der ersten laufenden Kampagne.',
    'install.lastGoal': 'Letztes Zielereignis:',
    'install.noGoal': 'Noch kein Zielereignis. Ziele zählen: {names}.',
    'install.line': 'Die Zeile für Ihre Seiten',
    'install.edge': 'Adresse des Edge, wie Browser sie sehen',
    'install.edge.hint':
        'Sie beginnt mit https://, wenn Ihre Website es tut. Die Einstellung edge_public_url füllt sie aus.',
    'install.edge.wrong': 'Eine Adresse wie https://mete.shop.example',
    'install.key': 'Schlüssel',
    'install.place': 'Wo sie eingesetzt wird',
    'install.place.html': 'HTML',
    'install.place.gtm': 'Tag Manager',
    'install.place.shopify': 'Shopify',
    'install.place.shopware': 'Shopware',
    'install.place.woocommerce': 'WooCommerce',
    'install.place.magento': 'Magento',
    'install.place.spa': 'Single-Page-App',
    'install.place.npm': 'npm',
    'install.steps.html':
        'Öffnen Sie die Vorlage, die den Kopf aller Ihrer Seiten schreibt.\nSetzen Sie die Zeile direkt hinter <head> ein, vor Stilen und anderen Skripten.',
    'install.steps.gtm':
        'Im Google Tag Manager: Tags, Neu, Benutzerdefiniertes HTML.\nSetzen Sie dies ein und wählen Sie den Trigger „Initialisierung – All Pages“.\nVeröffentlichen Sie den Container.\nEin Tag Manager kommt spät: Für einen Moment kann die alte Seite zu sehen sein. Für Tests von sofort Sichtbarem gehört die Zeile von „HTML“ in die Seite selbst.',
    'install.steps.shopify':
        'In Shopify: Onlineshop, Themes, die drei Punkte neben Ihrem Theme, Code bearbeiten.\nÖffnen Sie layout/theme.liquid und setzen Sie die Zeile direkt hinter <head> ein.\nDie Kasse von Shopify lädt das Theme nicht: Senden Sie deren Käufe von einem Server, mit einem geheimen Schlüssel.',
    'install.steps.shopware':
        'Legen Sie in Ihrem Theme oder Plugin für Shopware 6 die Datei Resources/views/storefront/layout/meta.html.twig mit diesem Text an, oder ergänzen Sie Ihre um den Block.\nDann: bin/console cache:clear',
    'install.steps.woocommerce':
        'In WordPress: Öffnen Sie functions.php Ihres Child-Themes und fügen Sie dies am Ende an.\nLeeren Sie den Cache Ihres Caching-Plugins; es darf dieses Skript weder verzögern noch zusammenfassen.',
    'install.steps.magento':
        'In Magento 2: Inhalt, Design, Konfiguration, Bearbeiten neben Ihrem Shop, HTML-Kopf.\nSetzen Sie die Zeile in „Skripte und Stylesheets“ ein und speichern Sie.\nSystem, Cache-Verwaltung: Leeren Sie den Cache.\nMit einer Content Security Policy: Erlauben Sie die Adresse des Edge in script-src und connect-src (csp_whitelist.xml).',
    'install.steps.spa':
        'Setzen Sie die Zeile in den Kopf von index.html ein, direkt hinter <head>.\nWechsel der Adresse werden von selbst bemerkt: Kampagnen beginnen und enden mit Ihren Routen.\nIn Ihrem Code: mete.flag("name", "default") liest ein Flag, mete.track("name", {…}) meldet ein Ereignis.',
    'install.steps.npm':
        'Machen Sie das Paket aus den Quellen von mete: node web-ui/build.mjs --package mete-sdk\nDann, in Ihrem Projekt: npm install ./mete-sdk\nLegen Sie den Client einmal an, so früh wie möglich, im Browser.',
    'install.safe':
        'Keine Seite wartet darauf: Nach 300 ms wird sie gezeigt, wie sie ist, was auch immer das Netz tut. Der Schlüssel ist öffentlich und darf in Seiten stehen.',
    'install.debug':
        'Etwas geschieht nicht? Hängen Sie ?mete_debug=1 an die Adresse einer Seite: Die Konsole des Browsers sagt dann, was entschieden ist, was wartet, was gesendet oder abgewiesen wurde, und warum.',
    'install.noKey': 'Diese Umgebung hat noch keinen Client-Schlüssel.',
    'install.noKey.ask':
        'Diese Umgebung hat noch keinen Client-Schlüssel. Bitten Sie jemanden mit der Rolle Admin, einen anzulegen.',
    'install.makeKey': 'Schlüssel anlegen',
    'install.keyName': 'Website',
    'checklist.title': 'Erste Schritte',
    'checklist.dismiss': 'Ausblenden',
    'checklist.done': 'erledigt:',
    'checklist.open': 'offen:',
    'checklist.key': 'Einen Client-Schlüssel anlegen',
    'checklist.line': 'Die Zeile in die Website einsetzen',
    'checklist.goal': 'Die Website ein Ziel melden lassen ({names})',
    'checklist.campaign': 'Ein Experiment planen',
    'checklist.start': 'Es starten',
} as const;
