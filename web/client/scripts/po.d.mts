export function readPo(text: string): Map<string, string>;
