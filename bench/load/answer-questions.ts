/**
 * The child's half of `bench/child.ts`: says that it is ready, answers each question, and ends when its parent is gone.
 */
export const answerQuestions = (ready: { url?: string }, answer: (question: unknown) => Promise<unknown>): void => {
  if (process.send === undefined) throw new Error('This program is started by the benchmark: npm run bench');
  const tell = (message: object): void => void process.send!(message);
  process.on('message', (question) => {
    answer(question).then(
      (result) => tell({ answer: result }),
      (error: unknown) => tell({ failure: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
  // Ctrl-C reaches the parent, too, which stops its children in order.
  process.on('SIGINT', () => undefined);
  tell({ ready: true, ...ready });
};
