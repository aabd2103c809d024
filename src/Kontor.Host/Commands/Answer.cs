using System.Text.Json;

namespace Kontor.Host.Commands;

/// <summary>How a command says that it failed: one line, with a code where JSON was asked for, exit code 1.</summary>
static class Answer
{
    public static int Fail(bool isJson, string code, string message)
    {
        if (isJson)
            Console.WriteLine(JsonSerializer.Serialize(new { code, message }));
        else
            Console.Error.WriteLine(message);
        return 1;
    }

    public static int Fail(bool isJson, Kernel.Rejection rejection) =>
        Fail(
            isJson,
            rejection.Code,
            rejection.Detail is null ? rejection.Message : $"{rejection.Message} {rejection.Detail}"
        );
}
