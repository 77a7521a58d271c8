using System.Runtime.CompilerServices;
using NextItem;

// Compiled to machine code, without a runtime beside it: trains on sessions from memory, keeps the model, loads it, recommends.
string[] path = ["lamp", "bulb", "shade", "table", "chair"];
var sessions = SessionSet.From(Enumerable.Range(0, 100).SelectMany(visit => Enumerable.Range(0, 3).Select(step =>
    new SessionEvent($"visit {visit}", path[(visit + step) % path.Length], (visit * 60) + step))));

using var trained = Trainer.Fit(sessions, new Gru4RecOptions { Layers = [16], Epochs = 20, LearningRate = 0.1f });
using var file = new MemoryStream();
ModelFile.Save(file, trained);
file.Position = 0;
using var loaded = ModelFile.Load(file);

Console.WriteLine($"compiled ahead of time: {!RuntimeFeature.IsDynamicCodeSupported}");
Console.WriteLine($"{loaded.Model.Algorithm}, {loaded.Model.Catalog.Count} items, {file.Length} bytes");
using var recommender = new Recommender(loaded.Model);
foreach (var (item, score) in recommender.Recommend(["lamp"], 2, new RecommendOptions { ExcludeSeen = true }).Items)
    Console.WriteLine($"{item} {score:F2}");
