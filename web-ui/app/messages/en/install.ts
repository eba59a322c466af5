// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'nav.install': 'Install',
    'install.light': 'Is the line on the site?',
    'install.light.dark': 'No event from the site yet',
    'install.light.green': 'The site is connected',
    'install.light.amber': 'The site has been silent for more than a day',
    'install.light.wait':
        'Put the line below into your site and open one of its pages: this light turns green by itself, a few seconds later.',
    'install.light.not': 'Events of the last seven days; imports and simulations do not count here.',
    'install.lastEvent': 'Last event:',
    'install.lastExposure': 'Last exposure:',
    'install.noExposure': 'No exposure yet: there is one as soon as a visitor meets a running campaign.',
    'install.lastGoal': 'Last goal event:',
    'install.noGoal': 'No goal event yet. Goals count: {names}.',
    'install.line': 'The line for your pages',
    'install.edge': 'Address of the edge, as browsers see it',
    'install.edge.hint': 'It begins with https:// where your site does. The setting edge_public_url fills it in.',
    'install.edge.wrong': 'An address such as https://mete.shop.example',
    'install.key': 'Key',
    'install.place': 'Where it is pasted',
    'install.place.html': 'HTML',
    'install.place.gtm': 'Tag Manager',
    'install.place.shopify': 'Shopify',
    'install.place.shopware': 'Shopware',
    'install.place.woocommerce': 'WooCommerce',
    'install.place.magento': 'Magento',
    'install.place.spa': 'Single-page app',
    'install.place.npm': 'npm',
    'install.steps.html':
        'Open the template that writes the head of all your pages.\nPaste the line right behind <head>, before styles and other scripts.',
    'install.steps.gtm':
        'In Google Tag Manager: Tags, New, Custom HTML.\nPaste this and choose the trigger “Initialization – All Pages”.\nPublish the container.\nA tag manager comes late: a visitor may see the old page for a moment. For tests of what is visible at once, paste the line of “HTML” into the page itself.',
    'install.steps.shopify':
        'In Shopify: Online Store, Themes, the three dots beside your theme, Edit code.\nOpen layout/theme.liquid and paste the line right behind <head>.\nShopify’s checkout does not load the theme: send its purchases from a server, with a secret key.',
    'install.steps.shopware':
        'In your Shopware 6 theme or plugin, make the file Resources/views/storefront/layout/meta.html.twig with this text, or add its block to the one you have.\nRun: bin/console cache:clear',
    'install.steps.woocommerce':
        'In WordPress: open functions.php of your child theme and add this at its end.\nClear the cache of your caching plugin, and let it neither defer nor combine this script.',
    'install.steps.magento':
        'In Magento 2: Content, Design, Configuration, Edit beside your store, HTML Head.\nPaste the line into “Scripts and Style Sheets” and save.\nSystem, Cache Management: flush the cache.\nWith a content security policy, allow the edge’s address in script-src and connect-src (csp_whitelist.xml).',
    'install.steps.spa':
        'Paste the line into the head of index.html, right behind <head>.\nChanges of the address are noticed by themselves: campaigns begin and end as your routes come and go.\nIn your code: mete.flag("name", "default") reads a flag, mete.track("name", {…}) reports an event.',
    'install.steps.npm':
        'Make the package from mete’s sources: node web-ui/build.mjs --package mete-sdk\nThen, in your project: npm install ./mete-sdk\nCreate the client once, as early as you can, in the browser.',
    'install.safe':
        'No page waits for it: after 300 ms it is shown as it is, whatever the network does. The key is public and may stand in pages.',
    'install.debug':
        'Something does not happen? Add ?mete_debug=1 to a page’s address: the browser’s console then says what is decided, what waits, what was sent or refused, and why.',
    'install.noKey': 'This environment has no client key yet.',
    'install.noKey.ask': 'This environment has no client key yet. Ask an admin to make one.',
    'install.makeKey': 'Make a key',
    'install.keyName': 'Website',
    'checklist.title': 'First steps',
    'checklist.dismiss': 'Hide',
    'checklist.done': 'done:',
    'checklist.open': 'to do:',
    'checklist.key': 'Make a client key',
    'checklist.line': 'Put the line into your site',
    'checklist.goal': 'Let the site report a goal ({names})',
    'checklist.campaign': 'Plan an experiment',
    'checklist.start': 'Start it',
} as const;
