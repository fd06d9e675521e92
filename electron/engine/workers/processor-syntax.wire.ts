/** A mistake that keeps a processor from being loaded, at its place from 1. */
export interface SyntaxMistake {
  message: string
  suggestion: string | null
  line: number
  column: number
}

export interface ProcessorSyntaxOps {
  /** Reads TypeScript as a run would, without running it: the first mistake of each text, or null. */
  syntax: { input: { texts: string[] }; output: (SyntaxMistake | null)[]; ask: never }
}
