import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The editor in the window's tokens, which switch with the theme by themselves. */
const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: 'var(--fs-code)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '19px', scrollbarWidth: 'thin', scrollbarColor: 'var(--border-control) transparent' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '6px 0' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': { backgroundColor: 'var(--selected)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { backgroundColor: 'var(--selected-hover)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--code-line) 60%, transparent)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--code-gutter)', border: 'none' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--code-line)', color: 'var(--text)' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 6px 0 14px', minWidth: '28px' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-tint)', outline: '1px solid var(--accent-line)' },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'var(--mark)' },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--border-strong)', borderRadius: 'var(--r-6)', boxShadow: 'var(--shadow-1)', fontSize: 'var(--fs-12)', overflow: 'hidden' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '260px', minWidth: '300px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { display: 'flex', alignItems: 'baseline', gap: '8px', padding: '3px 8px', lineHeight: '18px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--selected)', color: 'var(--text)' },
  '.cm-completionMatchedText': { textDecoration: 'none', backgroundColor: 'var(--mark)' },
  '.cm-completionDetail': { marginLeft: 'auto', paddingLeft: '16px', color: 'var(--text-2)', fontStyle: 'normal', fontFamily: 'var(--font-ui)' },
  '.cm-completionIcon': { width: '28px', padding: '0', opacity: '1', color: 'var(--text-2)', fontSize: '10px', fontFamily: 'var(--font-ui)', textAlign: 'left' },
  '.cm-completionIcon-column::after': { content: '"col"' },
  '.cm-completionIcon-table::after': { content: '"data"' },
  '.cm-completionIcon-folder::after': { content: '"zone"' },
  '.cm-completionIcon-function::after': { content: '"f(x)"' },
  '.cm-completionIcon-keyword::after': { content: '"sql"' },
  '.cm-completionIcon-alias::after': { content: '"as"' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 10px', maxWidth: '380px', lineHeight: '17px' },
  '.cm-completionInfo code': { display: 'block', fontFamily: 'var(--font-mono)', fontSize: '11.5px', overflowWrap: 'anywhere' },
  '.cm-completionInfo p': { margin: '0 0 4px' },
  '.cm-tooltip-lint': { padding: '0' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: '3px solid var(--failed-fill)', whiteSpace: 'pre-wrap', maxWidth: '480px' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--degraded-fill)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--failed-fill)', textUnderlineOffset: '4px' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--degraded-fill)', textUnderlineOffset: '4px' },
  '.cm-lint-marker': { width: '10px', height: '10px', content: 'none', borderRadius: '50%', backgroundColor: 'var(--failed-fill)', margin: '4px 0 0 2px' },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0' },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--text)', borderColor: 'var(--border)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--border)' },
  '.cm-panel.cm-search': { padding: '6px 8px', fontSize: 'var(--fs-12)' },
  '.cm-panel.cm-search label': { fontSize: 'var(--fs-12)' },
  '.cm-textfield': { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--border-control)', borderRadius: 'var(--r-4)', fontSize: 'var(--fs-12)' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--border-strong)', borderRadius: 'var(--r-4)', fontSize: 'var(--fs-12)' },
})

const highlighting = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: [tags.function(tags.name), tags.standard(tags.name)], color: 'var(--code-func)' },
  { tag: tags.typeName, color: 'var(--code-type)' },
  { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.operator, tags.separator, tags.paren, tags.squareBracket, tags.brace], color: 'var(--code-punct)' },
])

export const EDITOR_LOOK = [theme, syntaxHighlighting(highlighting)]
