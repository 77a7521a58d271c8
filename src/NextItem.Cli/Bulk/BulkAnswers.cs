using NextItem.Data.Streaming;

namespace NextItem.Cli.Bulk;

/// <summary>Answers for many sessions, in their order, block by block: memory for one block, whatever the number of sessions.</summary>
/// <param name="recommender">Gives the answers.</param>
/// <param name="count">How many items are wanted for each, K.</param>
/// <param name="options">What may be recommended.</param>
/// <param name="explain">Whether each item is explained.</param>
/// <param name="threads">How many work on a block.</param>
internal sealed class BulkAnswers(Recommender recommender, int count, RecommendOptions options, bool explain, int threads)
{
    /// <summary>Sessions that a thread is given together.</summary>
    private const int SessionsAtOnce = 256;

    /// <summary>The answers, in blocks.</summary>
    public IEnumerable<BulkAnswer[]> To(IEnumerable<KeyedSession> sessions, CancellationToken cancellationToken)
    {
        foreach (var block in sessions.Chunk(SessionsAtOnce * threads))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answers = new BulkAnswer[block.Length];
            var parts = (block.Length + SessionsAtOnce - 1) / SessionsAtOnce;
            if (parts == 1)
                Answer(block, 0, answers);
            else
                Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, part => Answer(block, part, answers));
            yield return answers;
        }
    }

    private void Answer(KeyedSession[] block, int part, BulkAnswer[] answers)
    {
        var first = part * SessionsAtOnce;
        var some = block[first..Math.Min(block.Length, first + SessionsAtOnce)];
        var lists = recommender.RecommendMany(some.Select(session => session.ItemKeys), count, options);
        for (var i = 0; i < some.Length; i++)
        {
            var explanations = explain ? recommender.Explain(some[i].ItemKeys, [.. lists[i].Items.Select(item => item.ItemKey)]) : null;
            answers[first + i] = new BulkAnswer(some[i].Key, lists[i], explanations);
        }
    }
}
