import { oc } from '@orpc/contract'
import { z } from 'zod'
import { PROBLEM_CODES, problemSchema, type ProblemCode } from '../domain/problem.ts'

type ErrorItem = { status: number; message: string; data: typeof problemSchema }

/** Every procedure may answer with any problem code; the problem itself travels as the error's data. */
const errors = Object.fromEntries(
  Object.entries(PROBLEM_CODES).map(([code, status]) => [code, { status, message: code, data: problemSchema }]),
) as Record<ProblemCode, ErrorItem>

/** The root every contract is built from. */
export const procedure = oc.errors(errors)

/** Chosen by the client, so that sending a command twice does it once. */
export const commandIdSchema = z.uuid()

export const isoTimeSchema = z.iso.datetime()

export const pageRequest = {
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(5_000).default(200),
}
