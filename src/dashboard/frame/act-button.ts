/** Something a visitor may do, as a button that posts or a link to a page that asks first. */
export interface ActButton {
  readonly label: string;
  readonly title: string;
  readonly href: string;
  readonly method: 'get' | 'post';
  readonly isDanger: boolean;
}
