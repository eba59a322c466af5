// SPDX-License-Identifier: GPL-3.0-or-later
// What a visitor has chosen, kept in the browser.

import list from './products.json';

export interface Product {
    id: string;
    name: string;
    category: string;
    price: number;
}

export interface Line {
    product: Product;
    quantity: number;
}

const NAME = 'shop.basket';
const FREE_FROM = 4000;
const DELIVERY = 490;
const MOST = 9;

const products: Product[] = list;
export const findProduct = (id: string): Product | undefined => products.find((product) => product.id === id);

function read(): { [id: string]: number } {
    try {
        return JSON.parse(localStorage.getItem(NAME) ?? '{}') as { [id: string]: number };
    } catch {
        return {};
    }
}

export function lines(): Line[] {
    const kept = read();
    return products
        .map((product) => ({ product, quantity: Math.min(MOST, Math.floor(Number(kept[product.id] ?? 0))) }))
        .filter(({ quantity }) => quantity > 0);
}

export function setQuantity(id: string, quantity: number): void {
    localStorage.setItem(NAME, JSON.stringify({ ...read(), [id]: Math.max(0, Math.min(MOST, quantity)) }));
}

export function add(id: string, quantity: number): void {
    setQuantity(id, (lines().find(({ product }) => product.id === id)?.quantity ?? 0) + quantity);
}

export const empty = (): void => localStorage.removeItem(NAME);

export interface Total {
    goods: number;
    delivery: number;
    all: number;
}

export function total(of: Line[]): Total {
    const goods = of.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
    const delivery = goods === 0 || goods >= FREE_FROM ? 0 : DELIVERY;
    return { goods, delivery, all: goods + delivery };
}
