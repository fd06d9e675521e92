import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { HttpPaging } from '../../workspace/remote-model.ts'
import { countRecords, type Counting, type PageFile, readNext } from './page-contents.ts'

/** An answer, as far as the next page depends on it. */
export interface PageAnswer {
  file: PageFile
  /** Where it came from. */
  url: URL
  link: string | undefined
}

/** Where the first page is, and where the one after an answer; null: that was the last. `isEmpty`: it holds nothing, and need not be kept. */
export interface PageWalk {
  first(): URL
  after(answer: PageAnswer): Promise<{ next: URL | null; isEmpty: boolean }>
}

export function walkPages(base: URL, paging: HttpPaging | null, counting: Counting): PageWalk {
  if (paging === null) return { first: () => base, after: () => Promise.resolve({ next: null, isEmpty: false }) }
  const seen = new Set<string>()
  const sized = withQuery(base, paging.sizeParameter === null || paging.size === null ? {} : { [paging.sizeParameter]: String(paging.size) })
  let position = paging.start
  const next = async (answer: PageAnswer): Promise<{ next: URL | null; isEmpty: boolean }> => {
    switch (paging.by) {
      case 'link':
        return { next: nextLink(answer), isEmpty: false }
      case 'cursor':
        return { next: await nextCursor(answer, { base: sized, parameter: paging.parameter, path: paging.next ?? '$.next' }), isEmpty: false }
      default: {
        const records = await countRecords(answer.file, counting)
        position += paging.by === 'page' ? 1 : (paging.size ?? 1)
        const isLast = records === 0 || (paging.size !== null && records < paging.size)
        return { next: isLast ? null : withQuery(sized, { [paging.parameter]: String(position) }), isEmpty: records === 0 }
      }
    }
  }
  return {
    first: () => (paging.by === 'page' || paging.by === 'offset' ? withQuery(sized, { [paging.parameter]: String(paging.start) }) : sized),
    async after(answer) {
      seen.add(answer.url.href)
      const step = await next(answer)
      if (step.next === null) return step
      if (seen.has(step.next.href)) throw turnsBack(step.next)
      if (seen.size >= paging.maxPages) throw tooManyPages(base, paging.maxPages)
      return step
    },
  }
}

function withQuery(url: URL, parameters: Readonly<Record<string, string>>): URL {
  const changed = new URL(url)
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value)
  return changed
}

async function nextCursor({ file, url }: PageAnswer, { base, parameter, path }: { base: URL; parameter: string; path: string }): Promise<URL | null> {
  const token = await readNext(file, path)
  if (token === null) return null
  return /^(https?:\/\/|\/|\?)/i.test(token) && URL.canParse(token, url.href) ? new URL(token, url) : withQuery(base, { [parameter]: token })
}

const LINK = /<([^>]*)>((?:\s*;\s*[\w*]+(?:\s*=\s*(?:"[^"]*"|[^",;\s]+))?)*)/g

/** The target of the link that is next (RFC 8288). */
function nextLink({ link, url }: PageAnswer): URL | null {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(LINK)) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]+))/i.exec(parameters)
    const relations = (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/)
    if (relations.includes('next') && URL.canParse(target, url.href)) return new URL(target, url)
  }
  return null
}

function turnsBack({ host }: URL): ProblemError {
  return new ProblemError('SOURCE_UNREADABLE', `The pages of ${host} go in a circle: one names a page that was read before as the next`, { details: { host }, hint: "Look at the source's paging" })
}

function tooManyPages({ host }: URL, maxPages: number): ProblemError {
  return new ProblemError('SOURCE_UNREADABLE', `${host} has more than ${maxPages} pages`, { details: { host, maxPages }, hint: 'Raise max_pages of the source, or ask for larger pages' })
}
