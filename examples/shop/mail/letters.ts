import { money } from '../money.js';
import type { Order } from '../orders.js';
import type { User } from '../users.js';

/** A mail to be sent once. */
export interface Letter {
  /** The same each time that the letter is written: it says which letter this is. */
  readonly messageId: string;
  readonly kind: string;
  readonly orderId?: number;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const WAREHOUSE = 'warehouse@shop.example';

export function confirmation(order: Order): Letter {
  const text = `Dear ${order.customer},\n\nthank you for your order of ${order.quantity} × ${order.product}.\n`;
  return ofOrder(order, { kind: 'confirmation', to: order.email, subject: `Your order ${order.id}`, text });
}

export function invoice(order: Order): Letter {
  const text = `${order.quantity} × ${order.product}\n\nTotal: ${money(order.totalCents)}\n`;
  return ofOrder(order, { kind: 'invoice', to: order.email, subject: `Invoice of order ${order.id}`, text });
}

export function warehouseNote(order: Order): Letter {
  const text = `Please pack ${order.quantity} × ${order.product} for ${order.customer}.\n`;
  return ofOrder(order, { kind: 'warehouse', to: WAREHOUSE, subject: `Pack order ${order.id}`, text });
}

export function welcome(user: User): Letter {
  const text = `Welcome, ${user.name}! It is good to have you with us.\n`;
  return ofUser(user, { kind: 'welcome', subject: 'Welcome', text });
}

export function tips(user: User): Letter {
  const text = `Dear ${user.name},\n\ndid you know that our lamps fit on our tables?\n`;
  return ofUser(user, { kind: 'tips', subject: 'Three tips for a start', text });
}

function ofOrder(order: Order, letter: Omit<Letter, 'messageId' | 'orderId'>): Letter {
  return { messageId: `<order-${order.id}.${letter.kind}@shop.example>`, orderId: order.id, ...letter };
}

function ofUser(user: User, letter: Omit<Letter, 'messageId' | 'to'>): Letter {
  return { messageId: `<user-${user.id}.${letter.kind}@shop.example>`, to: user.email, ...letter };
}
