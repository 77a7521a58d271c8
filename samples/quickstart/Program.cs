using NextItem;
using NextItem.Data;

SessionSet train = EventsFile.Read("train.tsv"); // columns SessionId, ItemId, Time
TrainedModel trained = Trainer.Fit(train, new Gru4RecOptions { Layers = [64], Epochs = 10, LearningRate = 0.1f });

SessionSet test = EventsFile.Read("test.tsv", catalog: train.Catalog);
Console.WriteLine($"Recall@20 {Evaluator.Evaluate(trained.Model, test).RecallAt(20):F2}");

AtomicFile.Write("shop.nextitem", file => ModelFile.Save(file, trained));

using var recommender = new Recommender(trained.Model);
foreach (var (item, score) in recommender.Recommend([train.Catalog.KeyOf(0), train.Catalog.KeyOf(1)], 3).Items)
    Console.WriteLine($"{item} {score:F2}");
