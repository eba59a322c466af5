// SPDX-License-Identifier: GPL-3.0-or-later
// The shop's pages, as any shop's server would send them. {client_key} is filled in by the edge.

export const money = (cents) =>
    new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' }).format(cents / 100);
const picture = ({ id, name }, size, isFirst = false) =>
    `<img src="/demo/${id}.svg" alt="${name}" width="${size}" height="${size}"${isFirst ? '' : ' loading="lazy"'}>`;
const stars = ({ rating, reviews }) =>
    `<p class="stars"><span class="stars-row" role="img" aria-label="${rating} of 5 stars"><span aria-hidden="true">★★★★★</span></span> <b>${rating}</b> <span>(${reviews} reviews)</span></p>`;

const icon = (path) =>
    `<svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;
const ICONS = {
    truck: icon(
        '<path d="M2 6h12v10H2zM14 10h4l4 3v3h-8"/><circle cx="7" cy="18" r="2"/><circle cx="18" cy="18" r="2"/>',
    ),
    back: icon('<path d="M4 9h11a5 5 0 0 1 0 10H9"/><path d="M8 5 4 9l4 4"/>'),
    lock: icon('<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>'),
    leaf: icon('<path d="M5 19C4 10 10 4 20 4c0 10-6 16-15 15Zm0 0c3-5 6-7 10-9"/>'),
    bag: icon('<path d="M5 8h14l1 13H4z"/><path d="M9 8V6a3 3 0 0 1 6 0v2"/>'),
};
const PROMISES = [
    ['truck', 'Delivered in 2–3 days', 'free from €40'],
    ['back', '100 days to return', 'we pay the way back'],
    ['lock', 'Safe to pay', 'card, invoice, PayPal'],
    ['leaf', 'Made to last', 'spare parts for ten years'],
];

const head = (title) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Alder &amp; Clay</title>
<script src="/sdk.js" data-key="{client_key}"></script>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='8' fill='%232f5d50'/%3E%3Cpath d='M5 11 8 4l3 7' stroke='white' stroke-width='1.6' fill='none'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/demo/shop.css">
<script src="/demo/shop.js" defer></script>
</head>`;

const HEADER = `<header class="top">
<div class="wide">
<a class="brand" href="/demo/">Alder <i>&amp;</i> Clay</a>
<nav aria-label="Shop"><a href="/demo/#light">Light</a><a href="/demo/#kitchen">Kitchen</a><a href="/demo/#textiles">Textiles</a><a href="/demo/#furniture">Furniture</a><a href="/demo/#living">Living</a></nav>
<a class="bag" href="/demo/cart">${ICONS.bag}<span>Basket</span> <b class="count" data-count hidden>0</b></a>
</div>
</header>`;

const FOOTER = `<section class="promises" aria-label="What you can count on"><div class="wide">
${PROMISES.map(([name, title, text]) => `<p>${ICONS[name]}<span><b>${title}</b>${text}</span></p>`).join('\n')}
</div></section>
<footer class="foot"><div class="wide">
<p><b>Alder &amp; Clay</b><br>A demo shop. Everything works, and nothing is sold, sent or charged.</p>
<div class="behind">
<p><b>Behind the scenes</b></p>
<dl><dt>This visitor</dt><dd data-visitor>…</dd><dt>Sees</dt><dd data-variant>…</dd></dl>
<button type="button" class="plain" data-again>Come back as somebody else</button>
</div>
</div></footer>`;

const page = (title, name, main) => `${head(title)}
<body data-page="${name}">
<a class="skip" href="#main">To the content</a>
${HEADER}
<main id="main">
${main}
</main>
${FOOTER}
</body>
</html>
`;

const card = (product, isFirst) => `<li><a class="card" href="/demo/product-${product.id}">
${picture(product, 600, isFirst)}
<span class="card-text"><b>${product.name}</b><span>${product.short}</span><span class="price">${money(product.price)}</span></span>
</a></li>`;

function listPage(products) {
    const seen = new Set();
    const cards = products.map((product, i) => {
        const anchor = product.category.toLowerCase();
        const made = seen.has(anchor)
            ? card(product, i < 4)
            : card(product, i < 4).replace('<li>', `<li id="${anchor}">`);
        seen.add(anchor);
        return made;
    });
    return page(
        'Things that stay',
        'list',
        `<section class="hero"><div class="wide">
<div><p class="eyebrow">The autumn collection</p><h1>Things that stay.</h1>
<p class="lead">Eight objects for rooms that are lived in: made by small workshops, repaired for ten years, and quiet enough to keep.</p>
<a class="button" href="/demo/product-${products[0].id}">See the Halden lamp</a></div>
<a href="/demo/product-${products[0].id}" tabindex="-1" aria-hidden="true">${picture({ ...products[0], name: '' }, 600, true)}</a>
</div></section>
<section class="wide"><h2>All eight</h2><ul class="grid">${cards.join('\n')}</ul></section>`,
    );
}

function productPage(product, others) {
    return page(
        product.name,
        'product',
        `<div class="wide">
<p class="crumbs"><a href="/demo/">Home</a> / <a href="/demo/#${product.category.toLowerCase()}">${product.category}</a> / ${product.name}</p>
<article class="product" data-product="${product.id}">
<div class="stage">${picture(product, 600, true)}</div>
<div class="offer">
<h1>${product.name}</h1>
${stars(product)}
<p class="amount">${money(product.price)} <small>incl. VAT${product.price >= 4000 ? ', free delivery' : ''}</small></p>
<p>${product.text}</p>
<ul class="facts">${product.facts.map((fact) => `<li>${fact}</li>`).join('')}</ul>
<form class="buy-row" data-buy>
<label>Quantity <select name="quantity"><option>1</option><option>2</option><option>3</option><option>4</option></select></label>
<button class="button buy">Add to basket</button>
</form>
<p class="stock"><i aria-hidden="true"></i><span class="stock-text">In stock, ready to go</span></p>
<p class="calm">${ICONS.back} 100 days to change your mind, and we pay the way back.</p>
</div>
</article>
<section><h2>Goes well with it</h2><ul class="grid four">${others.map((other) => card(other)).join('\n')}</ul></section>
</div>
<dialog class="drawer" data-added aria-labelledby="added"><h2 id="added">In your basket</h2><div data-added-line></div>
<a class="button" href="/demo/checkout">To checkout</a><a class="button second" href="/demo/cart">See the basket</a>
<form method="dialog"><button class="plain">Go on looking</button></form></dialog>`,
    );
}

const SUMMARY = '<aside class="summary" aria-label="Summary"><div data-summary></div></aside>';

const cartPage = () =>
    page(
        'Basket',
        'cart',
        `<div class="wide"><h1>Your basket</h1>
<div class="two"><div data-lines></div><div data-when-full hidden>${SUMMARY}<a class="button full" href="/demo/checkout">To checkout</a>
<p class="calm">${ICONS.lock} Your data travel encrypted and stay with us.</p></div></div></div>`,
    );

const field = (name, label, more) =>
    `<label class="field"><span>${label}</span><input name="${name}" required ${more}></label>`;

const checkoutPage = () =>
    page(
        'Checkout',
        'checkout',
        `<div class="wide"><h1>Checkout</h1>
<div class="two" data-when-full hidden><form data-order>
<fieldset><legend>Where to</legend>
${field('email', 'E-mail', 'type="email" autocomplete="email"')}
${field('name', 'Name', 'autocomplete="name"')}
${field('street', 'Street and number', 'autocomplete="street-address"')}
<div class="pair">${field('postcode', 'Postcode', 'autocomplete="postal-code"')}${field('city', 'City', 'autocomplete="address-level2"')}</div></fieldset>
<fieldset><legend>How to pay</legend>
<label class="choice"><input type="radio" name="pay" value="invoice" checked><span><b>Invoice</b>pay within 30 days</span></label>
<label class="choice"><input type="radio" name="pay" value="card"><span><b>Card</b>Visa, Mastercard</span></label>
<label class="choice"><input type="radio" name="pay" value="paypal"><span><b>PayPal</b>in the next step</span></label></fieldset>
<button class="button full">Buy now</button>
<p class="calm">${ICONS.lock} This is a demo: what you type stays in this page, and nothing is charged.</p>
</form>${SUMMARY}</div><div data-lines></div></div>`,
    );

const thanksPage = () =>
    page(
        'Thank you',
        'thank-you',
        `<div class="wide narrow"><div class="thanks">
<svg viewBox="0 0 64 64" width="64" height="64" aria-hidden="true"><circle cx="32" cy="32" r="32" fill="#dfeae5"/><path d="m20 33 8 8 16-18" fill="none" stroke="#2f5d50" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>
<h1>Thank you<span data-name></span>!</h1><p class="lead" data-order-line>Your order is on its way.</p></div>
${SUMMARY}<p class="center"><a class="button second" href="/demo/">Back to the shop</a></p></div>`,
    );

/* {file name: text} */
export function pages(products) {
    const others = (product) => {
        const at = products.indexOf(product);
        return [1, 2, 3, 5].map((step) => products[(at + step) % products.length]);
    };
    return {
        'index.html': listPage(products),
        ...Object.fromEntries(products.map((p) => [`product-${p.id}.html`, productPage(p, others(p))])),
        'cart.html': cartPage(),
        'checkout.html': checkoutPage(),
        'thank-you.html': thanksPage(),
    };
}
