using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary><c>train --warm-start</c>: the model to begin with, and how the new one compares with it.</summary>
internal static class WarmStart
{
    /// <summary>Loads the model, if one was asked for.</summary>
    public static TrainedModel? Load(FileInfo? file, string algorithm)
    {
        if (file is null)
            return null;
        var model = Files.LoadModel(file, "--warm-start");
        return model.Model.Algorithm == algorithm ? model : throw new RunException($"{file} holds a model of algorithm '{model.Model.Algorithm}'; --warm-start expects {algorithm}{(model.Model.Algorithm is TrainingRequest.Gru4Rec or TrainingRequest.Prnn ? ", as --algorithm says" : "")}.");
    }

    /// <summary>What becomes of its items.</summary>
    public static string Describe(FileInfo file, TrainedModel old, ItemCatalog catalog)
    {
        var kept = 0;
        for (var item = 0; item < catalog.Count; item++)
            kept += old.Model.Catalog.IndexOf(catalog.KeyOf(item)) >= 0 ? 1 : 0;
        return $"{file}: {kept:N0} items go on, {catalog.Count - kept:N0} are new, {old.Model.Catalog.Count - kept:N0} are gone";
    }

    /// <summary>
    /// Evaluates both models on the validation file, an unknown item as a miss, so that both answer the same cases; prints them side
    /// by side.
    /// </summary>
    /// <returns>Old and new, or null without a validation file.</returns>
    public static (EvaluationResult Old, EvaluationResult New)? Compare(
        Terminal terminal, TrainingRequest request, TrainedModel old, TrainedModel model, int threads, CancellationToken cancellationToken)
    {
        if (request.Valid is null)
        {
            terminal.Out.WriteLine("without --valid the old and the new model are not compared");
            return null;
        }

        var results = Array.ConvertAll([old, model], each =>
        {
            var sessions = EventsFile.Read(request.Valid.ToString(), request.Columns, each.Model.Catalog, cancellationToken);
            return Evaluator.Evaluate(each.Model, sessions, new EvaluationOptions { Unknown = UnknownItems.Miss, Threads = threads }, cancellationToken);
        });
        terminal.Out.WriteLine($"{"on " + request.Valid.Name,-24}{"old model",12}{"new model",12}  {results[0].Cases:N0} cases, unknown items are misses");
        foreach (var (before, after) in results[0].Metrics.Zip(results[1].Metrics))
            terminal.Out.WriteLine($"{$"{before.Name}@{before.Cutoff}",-24}{before.Value,12:F4}{after.Value,12:F4}");
        terminal.Out.WriteLine($"{"unknown events",-24}{results[0].UnknownEvents,12:N0}{results[1].UnknownEvents,12:N0}");
        return (results[0], results[1]);
    }
}
