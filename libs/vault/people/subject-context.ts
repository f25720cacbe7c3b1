/** What a subject's key is sealed for. */
export const subjectContext = (subject: string): string => `subject:${subject}`;
