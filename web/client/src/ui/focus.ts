// Takes a reader to the first words of what has just come.

/** For `ref`, with `tabIndex={-1}`: the page has changed under the reader, begin again here. */
export function toFirstWords(element: HTMLElement | null): void {
  element?.focus();
}
