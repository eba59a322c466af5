// SPDX-License-Identifier: MIT
import { MODULE } from '../core/module';
import { readCommerce, watchShop } from '../shop/index';

(window as any)[MODULE + 'shop'] = { readCommerce, watchShop };
