using System.Globalization;
using NextItem.Cli.Commands;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tuning;

/// <summary>What is searched of what algorithm, checked before any data is read.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Space">What is searched.</param>
/// <param name="Common">What all trials have, as name=value.</param>
/// <param name="Pinned">What --set took out of the space, by the space's names.</param>
internal sealed record TunedSpace(string Algorithm, SearchSpace Space, IReadOnlyList<string> Common, IReadOnlyDictionary<string, string> Pinned)
{
    /// <summary>Reads and checks it.</summary>
    /// <exception cref="UsageException">Something cannot be: all faults.</exception>
    public static TunedSpace Read(TuningRequest request)
    {
        var asked = SpaceFile.AlgorithmOf(request.Space);
        if (asked is not null && request.Algorithm is not null && asked != request.Algorithm)
            throw new UsageException($"--algorithm is {request.Algorithm}, but {request.Space} is for {asked}; expected one of the two alone.");
        var algorithm = request.Algorithm ?? asked ?? TrainingRequest.Gru4Rec;
        var baseline = Baselines.Find(algorithm);
        if (algorithm is not (TrainingRequest.Gru4Rec or TrainingRequest.Prnn) && baseline is null)
            throw new UsageException($"{request.Space}: 'algorithm' is '{algorithm}'; expected gru4rec, prnn or a baseline.");
        var names = new TunedNames(baseline, algorithm == TrainingRequest.Prnn);
        var file = SpaceFile.Read(request.Space, names);
        var pinned = Pin(file.Space, request.Set, names);
        var space = file.Without(pinned);
        if (space.Parameters is [])
            throw new UsageException($"--set has every hyperparameter of {request.Space}; expected something to search.");
        string[] common = [.. file.Fixed, .. request.Set];
        request.Training(algorithm, common).Validate();
        Check(request, algorithm, common);
        var faults = Faults(request, algorithm, common, space).ToArray();
        if (baseline is null && request.Search.Halving && space.Parameters.FirstOrDefault(parameter => names.NameOf(parameter.Name) == "epochs") is { } epochs)
            faults = [.. faults, $"{request.Space}: '{epochs.Name}' is not searched with halving: trials are stopped on the way, and the best epoch counts; expected it in 'fixed' or --set as the most, or --no-halving."];
        return faults is [] ? new TunedSpace(algorithm, space, common, pinned) : throw new UsageException(faults);
    }

    /// <summary>What makes the space this one, by name.</summary>
    public IEnumerable<(string Name, string Value)> Describe() => Space.Parameters.Select(parameter => ($"searched {parameter.Name}", Describe(parameter)));

    /// <summary>A hyperparameter's values in words.</summary>
    public static string Describe(SearchParameter parameter)
    {
        var values = parameter.Kind == SearchKind.Choice
            ? $"of {string.Join(", ", parameter.Values)}"
            : $"{Text(parameter.Low)} to {Text(parameter.High)}{(parameter.Step > 0 ? $" by {Text(parameter.Step)}" : "")}{(parameter.Kind == SearchKind.Whole ? ", whole" : "")}{(parameter.IsLogarithmic ? ", logarithmic" : "")}";
        return parameter.When is { } condition ? $"{values}, if {condition.Parameter} is {string.Join(" or ", condition.Values)}" : values;
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>What --set says of hyperparameters that the space has.</summary>
    private static Dictionary<string, string> Pin(SearchSpace space, string[] set, TunedNames names)
    {
        var pinned = new Dictionary<string, string>();
        foreach (var parts in set.SelectMany(line => line.Split(',')).Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2))
        {
            var own = names.NameOf(parts[0]);
            if (space.Parameters.FirstOrDefault(parameter => names.NameOf(parameter.Name) == own) is { } parameter)
                pinned[parameter.Name] = parts[1].Trim();
        }

        return pinned;
    }

    /// <summary>What cannot be of the values at the ends of each range and of each choice, with everything else as it is.</summary>
    private static IEnumerable<string> Faults(TuningRequest request, string algorithm, string[] common, SearchSpace space)
    {
        foreach (var parameter in space.Parameters)
        {
            string[] parent = parameter.When is { } condition ? [$"{condition.Parameter}={condition.Values[0]}"] : [];
            var values = parameter.Kind == SearchKind.Choice ? parameter.Values : [parameter.TextOf(parameter.Low), parameter.TextOf(parameter.High)];
            foreach (var value in values.Distinct())
            {
                string[] found = [];
                try
                {
                    Check(request, algorithm, [.. common, .. parent, $"{parameter.Name}={value}"]);
                }
                catch (UsageException e)
                {
                    found = [.. e.Faults];
                }

                foreach (var fault in found)
                    yield return $"{request.Space}: {parameter.Name}={value}: {fault}";
            }
        }
    }

    private static void Check(TuningRequest request, string algorithm, IReadOnlyList<string> lines)
    {
        var training = request.Training(algorithm, lines);
        if (training.Baseline is { } baseline)
            baseline.Resolve(training.BaselineSettings);
        else if (algorithm == TrainingRequest.Prnn)
            RequireNoTeachers(training.Settings.ResolvePrnn(null, training.PrnnSettings, out _, out _).Training);
        else
            RequireNoTeachers(training.Settings.Resolve());
    }

    private static void RequireNoTeachers(Gru4RecOptions options)
    {
        if (options.Distillation > 0)
            throw new UsageException($"distillation is {options.Distillation.ToString(CultureInfo.InvariantCulture)}; expected 0: {TunedNames.WhyNot("distillation")}.");
    }
}
