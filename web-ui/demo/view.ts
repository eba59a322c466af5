// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces of page.

import { total, type Line } from './basket';

export const money = (cents: number): string =>
    new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' }).format(cents / 100);

export const find = <T extends HTMLElement>(selector: string): T | null => document.querySelector<T>(selector);

type Child = Node | string;

export function make(name: string, attributes: { [name: string]: string }, ...children: Child[]): HTMLElement {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
}

export const image = (id: string): HTMLElement =>
    make('img', { src: `/demo/${id}.svg`, alt: '', width: '96', height: '96' });

const row = (name: string, value: string, more = ''): HTMLElement =>
    make('p', { class: `sum ${more}` }, make('span', {}, name), make('span', {}, value));

export function summary(lines: Line[]): HTMLElement[] {
    const { goods, delivery, all } = total(lines);
    return [
        ...lines.map(({ product, quantity }) =>
            make(
                'div',
                { class: 'mini' },
                image(product.id),
                make('p', {}, make('b', {}, product.name), make('span', {}, `${quantity} × ${money(product.price)}`)),
            ),
        ),
        row('Goods', money(goods)),
        row('Delivery', delivery ? money(delivery) : 'free'),
        row('Total, incl. VAT', money(all), 'all'),
    ];
}
