/** Short names of tenants: the form the service accepts, and a suggestion made from a company's name. */

const LONGEST = 63;

export const isSlug = (slug: string): boolean => slug.length <= LONGEST && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug);

/** `Müller & Söhne GmbH` becomes `mueller-soehne-gmbh`. Empty when nothing of the name can be written so. */
export function suggestSlug(name: string): string {
  const spelled = name
    .toLowerCase()
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/ß/g, "ss")
    .replace(/ø/g, "o")
    .replace(/æ/g, "ae")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "");
  return spelled
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
}
