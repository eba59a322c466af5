// SPDX-License-Identifier: GPL-3.0-or-later
// The shop's own script: basket, checkout, order. What it reports goes to its data layer, as in any
// shop; the experiment on its pages comes from the snippet in their heads alone.

import { add, empty, findProduct, lines, setQuantity, total, type Line } from './basket';
import { showBehind } from './behind';
import { tell } from './layer';
import { find, image, make, money, summary } from './view';

const ORDER = 'shop.order';

interface Order {
    id: string;
    name: string;
    value: number;
    lines: Line[];
    isTold: boolean;
}

function showCount(): void {
    const count = lines().reduce((sum, { quantity }) => sum + quantity, 0);
    const badge = find('[data-count]')!;
    badge.textContent = String(count);
    badge.hidden = count === 0;
}

function startProduct(): void {
    const product = findProduct(find('[data-product]')!.dataset.product!)!;
    const form = find<HTMLFormElement>('[data-buy]')!;
    const drawer = find<HTMLDialogElement>('[data-added]')!;
    tell('view_item', [{ product, quantity: 1 }]);
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        const line = { product, quantity: Number(new FormData(form).get('quantity')) };
        add(product.id, line.quantity);
        tell('add_to_cart', [line]);
        showCount();
        find('[data-added-line]')!.replaceChildren(...summary([line]).slice(0, 1));
        drawer.showModal();
    });
    drawer.addEventListener('click', (event) => event.target === drawer && drawer.close());
}

function nothing(): HTMLElement {
    return make(
        'div',
        { class: 'nothing' },
        make('p', {}, 'There is nothing in it yet.'),
        make('a', { class: 'button', href: '/demo/' }, 'Have a look around'),
    );
}

/* Shows the summary, or that there is nothing to sum up. */
function showBasket(): boolean {
    const chosen = lines();
    find('[data-when-full]')!.hidden = chosen.length === 0;
    find('[data-summary]')!.replaceChildren(...summary(chosen));
    if (!chosen.length) find('[data-lines]')!.replaceChildren(nothing());
    showCount();
    return chosen.length > 0;
}

function step(line: Line, by: number, label: string, sign: string): HTMLElement {
    const button = make('button', { type: 'button', 'aria-label': `${label}: ${line.product.name}` }, sign);
    button.addEventListener('click', () => {
        setQuantity(line.product.id, line.quantity + by);
        showCart();
        const name = button.getAttribute('aria-label')!;
        document.querySelector<HTMLElement>(`[aria-label="${name}"]`)?.focus();
    });
    return button;
}

function cartLine(line: Line): HTMLElement {
    const { product, quantity } = line;
    return make(
        'article',
        { class: 'line' },
        image(product.id),
        make(
            'div',
            {},
            make('a', { href: `/demo/product-${product.id}` }, product.name),
            make('p', {}, money(product.price)),
        ),
        make(
            'div',
            { class: 'stepper' },
            step(line, -1, 'One less', '−'),
            make('span', {}, String(quantity)),
            step(line, 1, 'One more', '+'),
        ),
        make('b', {}, money(product.price * quantity)),
    );
}

function showCart(): void {
    if (showBasket()) find('[data-lines]')!.replaceChildren(...lines().map(cartLine));
}

function startCheckout(): void {
    if (!showBasket()) return;
    tell('begin_checkout', lines());
    const form = find<HTMLFormElement>('[data-order]')!;
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        const chosen = lines();
        const id = `AC-${crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36).toUpperCase().padStart(7, '0')}`;
        const name = String(new FormData(form).get('name')).trim().split(/\s+/)[0]!;
        const order: Order = { id, name, value: total(chosen).all, lines: chosen, isTold: false };
        sessionStorage.setItem(ORDER, JSON.stringify(order));
        empty();
        location.assign('/demo/thank-you');
    });
}

/* A reload shows the order again, but tells of it no second time. */
function startThanks(): void {
    const kept = sessionStorage.getItem(ORDER);
    if (!kept) return location.replace('/demo/');
    const order = JSON.parse(kept) as Order;
    find('[data-name]')!.textContent = order.name ? `, ${order.name}` : '';
    find('[data-order-line]')!.textContent = `Order ${order.id} is on its way to being packed.`;
    find('[data-summary]')!.replaceChildren(...summary(order.lines));
    if (order.isTold) return;
    tell('purchase', order.lines, { transaction_id: order.id, value: order.value / 100 });
    sessionStorage.setItem(ORDER, JSON.stringify({ ...order, isTold: true }));
}

const starts: { [page: string]: () => void } = {
    product: startProduct,
    cart: showCart,
    checkout: startCheckout,
    'thank-you': startThanks,
};

showCount();
starts[document.body.dataset.page!]?.();
showBehind();
