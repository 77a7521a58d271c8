using System.Globalization;
using BenchmarkDotNet.Running;
using NextItem.Benchmarks;

if (args is ["training", ..])
    return BenchmarkArguments.Parse(args.AsSpan(1)) is { } arguments ? TrainingRate.Run(arguments) : 2;
if (args is ["scoring", ..])
    return ScoringRate.Run(args[1..]);
if (args is ["bulk", ..])
    return BulkRate.Run(args[1..]);
if (args is ["knn", ..])
    return SessionKnnLatency.Run(args[1..]);
if (args is ["prnn", .. var prnn])
    return PrnnRate.Run(prnn is [var runs] ? int.Parse(runs, CultureInfo.InvariantCulture) : 3);
if (args is ["log", var written, var events, var items])
    return StartUp.WriteLog(written, int.Parse(events, CultureInfo.InvariantCulture), int.Parse(items, CultureInfo.InvariantCulture));
if (args is ["feature-shop", var folder, var seed])
    return FeatureShopFiles.Write(folder, int.Parse(seed, CultureInfo.InvariantCulture));
if (args is ["serving-model", var modelFile, var modelItems, var modelUnits])
    return ServingLoad.WriteModel(modelFile, int.Parse(modelItems, CultureInfo.InvariantCulture), int.Parse(modelUnits, CultureInfo.InvariantCulture));
if (args is ["serving", .. { Length: >= 8 } load])
    return await ServingLoad.RunAsync(LoadArguments.Parse(load));
if (args is ["start", var file])
    return StartUp.Run(file);
if (args.Length == 0)
{
    Console.WriteLine("training             mini-batches/s of whole training steps on a generated log, beside the processor's FMA rate and our large product's");
    Console.WriteLine("                     [--runs 3] [--case PART-OF-NAME] [--threads N] [--items 30000] [--variants] [--steps-only] [--out FILE]");
    Console.WriteLine("scoring [runs]       events/s of full ranking, milliseconds of a recommendation and of loading, beside our large product's rate");
    Console.WriteLine("bulk [runs]          sessions/s of recommending for many sessions, by model");
    Console.WriteLine("knn [sessions]       milliseconds of a session-kNN answer, in percentiles, with a million sessions in the index");
    Console.WriteLine("prnn [runs]          processor time of a p-RNN's mini-batch beside the sum of its subnets' own steps");
    Console.WriteLine("log FILE EVENTS ITEMS  writes a generated log as tab-separated text");
    Console.WriteLine("feature-shop FOLDER SEED  writes a generated shop with item features: train.tsv, test.tsv, items.tsv");
    Console.WriteLine("serving-model FILE ITEMS UNITS, serving ...  for eng/serving-load.sh");
    Console.WriteLine("start FILE           seconds from the start of the process to the end of the first mini-batch");
    Console.WriteLine("--filter '*'         kernels against what they replaced (BenchmarkDotNet)");
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(TrainingRate).Assembly).Run(args);
return 0;
