import type { Plugin } from 'prettier'
import { sqlTokens } from '../../../shared/domain/sql-text.ts'

/** A file's text in its usual form, and the libraries for it only when somebody asks. */

const WIDTH = 140

/**
 * @throws Error with what the text has wrong, or when the form would say something else than the text
 */
export async function formatFile(path: string, text: string): Promise<string> {
  if (path.endsWith('.sql')) return formatSql(text)
  const { format } = await import('prettier/standalone')
  if (path.endsWith('.ts')) {
    const plugins = await Promise.all([import('prettier/plugins/typescript'), import('prettier/plugins/estree')])
    return format(text, { parser: 'typescript', plugins: plugins.map(pluginOf), printWidth: WIDTH, semi: false, singleQuote: true })
  }
  if (!/\.ya?ml$/.test(path)) throw new Error(`There is no usual form of ${path}`)
  return format(text, { parser: 'yaml', plugins: [pluginOf(await import('prettier/plugins/yaml'))], printWidth: WIDTH, singleQuote: true, proseWrap: 'preserve' })
}

function pluginOf(module: Plugin | { default: Plugin }): Plugin {
  return 'default' in module ? module.default : module
}

async function formatSql(text: string): Promise<string> {
  const { formatDialect, duckdb } = await import('sql-formatter')
  const formatted = `${formatDialect(text, { dialect: duckdb, keywordCase: 'preserve', tabWidth: 2, expressionWidth: 90, linesBetweenQueries: 1 }).trimEnd()}\n`
  if (tokensOf(formatted) === tokensOf(text)) return formatted
  throw new Error('The formatter does not know something in this statement and would change it')
}

/** All that a statement says: white space and where its lines end count for nothing. */
function tokensOf(sql: string): string {
  const comments = [...sql.matchAll(/--[^\n]*|\/\*[\s\S]*?\*\//g)].map(([comment]) => comment.replaceAll(/\s+/g, ' ').trim())
  return JSON.stringify([[...sqlTokens(sql)].map(({ text }) => text), comments])
}
