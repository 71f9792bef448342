package paste

import (
	"sort"
	"strings"
)

// A language is how Firefox prints its CORS messages in it: the words around
// the URL, and for each category the words that tell it from the others.
// Header names are not translated.
type language struct {
	// before stands before the URL, after behind it; both hold for all messages.
	before, after []string
	reasons       map[string]string
}

// languages are the translations of Firefox, by the code of the language.
var languages = map[string]language{
	"de": {
		before: []string{"Die Gleiche-Quelle-Regel verbietet das Lesen der externen Ressource auf"},
		after:  []string{". (Grund:"},
		reasons: map[string]string{
			"CORSDisabled":                         "CORS deaktiviert)",
			"CORSDidNotSucceed2":                   "CORS-Anfrage schlug fehl",
			"CORSOriginHeaderNotAdded":             "CORS-Kopfzeile 'Origin' konnte nicht hinzugefügt werden",
			"CORSExternalRedirectNotAllowed":       "Externe Weiterleitung der CORS-Anfrage verboten",
			"CORSRequestNotHttp":                   "CORS-Anfrage war nicht http",
			"CORSMissingAllowOrigin2":              "CORS-Kopfzeile 'Access-Control-Allow-Origin' fehlt",
			"CORSMultipleAllowOriginNotAllowed":    "eine CORS-Kopfzeile 'Access-Control-Allow-Origin' verwendet werden",
			"CORSAllowOriginNotMatchingOrigin":     "CORS-Kopfzeile 'Access-Control-Allow-Origin' stimmt nicht mit '{value}' überein",
			"CORSNotSupportingCredentials":         "wird nicht unterstützt, wenn die CORS-Kopfzeile 'Access-Control-Allow-Origin' auf '*' gesetzt ist",
			"CORSMethodNotFound":                   "Methode nicht in CORS-Kopfzeile 'Access-Control-Allow-Methods' gefunden",
			"CORSMissingAllowCredentials":          "'true' in CORS-Kopfzeile 'Access-Control-Allow-Credentials' erwartet",
			"CORSPreflightDidNotSucceed3":          "CORS-Preflight-Antwort schlug fehl",
			"CORSPreflightDidNotSucceed":           "CORS-Preflight-Kanal war nicht erfolgreich",
			"CORSInvalidAllowMethod":               "ungültiges Token '{value}' in CORS-Kopfzeile 'Access-Control-Allow-Methods'",
			"CORSInvalidAllowHeader":               "ungültiges Token '{value}' in CORS-Kopfzeile 'Access-Control-Allow-Headers'",
			"CORSMissingAllowHeaderFromPreflight2": "Kopfzeile '{header}' ist aufgrund der Kopfzeile 'Access-Control-Allow-Headers'",
			"status":                               "). Statuscode: {status}",
		},
	},
	"fr": {
		before: []string{"ne permet pas de consulter la ressource distante située sur"},
		after:  []string{". Raison :"},
		reasons: map[string]string{
			"CORSDisabled":                         "Raison : CORS désactivé",
			"CORSDidNotSucceed2":                   "échec de la requête CORS",
			"CORSOriginHeaderNotAdded":             "en-tête CORS 'Origin' ne peut pas être ajouté",
			"CORSExternalRedirectNotAllowed":       "la redirection externe de requêtes CORS",
			"CORSRequestNotHttp":                   "la requête CORS n'utilise pas",
			"CORSMissingAllowOrigin2":              "en-tête CORS 'Access-Control-Allow-Origin' est manquant",
			"CORSMultipleAllowOriginNotAllowed":    "le recours à plusieurs en-têtes CORS 'Access-Control-Allow-Origin'",
			"CORSAllowOriginNotMatchingOrigin":     "en-tête CORS 'Access-Control-Allow-Origin' ne correspond pas à '{value}'.",
			"CORSNotSupportingCredentials":         "pas prise en charge si la valeur de l'en-tête CORS 'Access-Control-Allow-Origin' est",
			"CORSMethodNotFound":                   "méthode manquante dans l'en-tête 'Access-Control-Allow-Methods'",
			"CORSMissingAllowCredentials":          "'true' attendu dans l'en-tête CORS 'Access-Control-Allow-Credentials'",
			"CORSPreflightDidNotSucceed3":          "échec de la réponse de pré-vérification des requêtes CORS",
			"CORSInvalidAllowMethod":               "jeton '{value}' invalide dans l'en-tête CORS 'Access-Control-Allow-Methods'",
			"CORSInvalidAllowHeader":               "jeton '{value}' invalide dans l'en-tête CORS 'Access-Control-Allow-Headers'",
			"CORSMissingAllowHeaderFromPreflight2": "en-tête '{header}' n'est pas autorisé d'après l'en-tête 'Access-Control-Allow-Headers'",
			"status":                               ". Code d'état : {status}",
		},
	},
	"es": {
		before: []string{
			"la política de mismo origen impide leer el recurso remoto en",
			"La misma política de origen no permite la lectura de recursos remotos en",
			"La misma política de origen no permite leer el recurso remoto en",
			"no permite la lectura de recursos remotos en",
			"la política de mismo origen no permite la lectura del recurso remoto en",
		},
		after: []string{" (razón:", ". (Razón:", ". (Motivo:"},
		reasons: map[string]string{
			"CORSDidNotSucceed2":                   "Solicitud CORS sin éxito",
			"CORSExternalRedirectNotAllowed":       "No se permite la redirección externa de la solicitud CORS",
			"CORSRequestNotHttp":                   "la solicitud CORS no es http",
			"CORSMissingAllowOrigin2":              "falta la cabecera CORS 'Access-Control-Allow-Origin'",
			"CORSMultipleAllowOriginNotAllowed":    "no se permiten múltiples cabeceras CORS",
			"CORSAllowOriginNotMatchingOrigin":     "la cabecera CORS 'Access-Control-Allow-Origin' no coincide con '{value}')",
			"CORSNotSupportingCredentials":         "la credencial no se admite si la cabecera CORS",
			"CORSMethodNotFound":                   "no se ha encontrado el método en la cabecera CORS",
			"CORSMissingAllowCredentials":          "se esperaba 'true' en la cabecera CORS 'Access-Control-Allow-Credentials'",
			"CORSPreflightDidNotSucceed3":          "La respuesta CORS no tuvo éxito",
			"CORSInvalidAllowMethod":               "token '{value}' no válido en la cabecera CORS 'Access-Control-Allow-Methods'",
			"CORSInvalidAllowHeader":               "token '{value}' no válido en la cabecera CORS 'Access-Control-Allow-Headers'",
			"CORSMissingAllowHeaderFromPreflight2": "La cabecera '{header}' no está permitida de acuerdo a la cabecera 'Access-Control-Allow-Headers'",
		},
	},
	"pt": {
		before: []string{"não permite a leitura do recurso remoto em"},
		after:  []string{" (motivo:"},
		reasons: map[string]string{
			"CORSDisabled":                         "motivo: CORS desativado",
			"CORSDidNotSucceed2":                   "falha na requisição CORS",
			"CORSExternalRedirectNotAllowed":       "redirecionamento externo de requisição CORS não permitido",
			"CORSRequestNotHttp":                   "requisição CORS não é http",
			"CORSMissingAllowOrigin2":              "falta cabeçalho 'Access-Control-Allow-Origin' no CORS",
			"CORSMultipleAllowOriginNotAllowed":    "não é permitido vários cabeçalhos 'Access-Control-Allow-Origin'",
			"CORSAllowOriginNotMatchingOrigin":     "cabeçalho 'Access-Control-Allow-Origin' do CORS não corresponde a '{value}')",
			"CORSNotSupportingCredentials":         "credencial não suportada se o cabeçalho 'Access-Control-Allow-Origin'",
			"CORSMethodNotFound":                   "método não encontrado no cabeçalho 'Access-Control-Allow-Methods'",
			"CORSMissingAllowCredentials":          "esperado 'true' no cabeçalho 'Access-Control-Allow-Credentials'",
			"CORSPreflightDidNotSucceed3":          "falha na resposta de comprovação (preflight) do CORS",
			"CORSInvalidAllowMethod":               "token '{value}' inválido no cabeçalho 'Access-Control-Allow-Methods'",
			"CORSInvalidAllowHeader":               "token '{value}' inválido no cabeçalho 'Access-Control-Allow-Headers'",
			"CORSMissingAllowHeaderFromPreflight2": "header '{header}' não permitido, de acordo com o header 'Access-Control-Allow-Headers'",
			"status":                               "). Código de status: {status}",
		},
	},
	"ru": {
		before: []string{"Политика одного источника запрещает чтение удаленного ресурса на"},
		after:  []string{". (Причина:"},
		reasons: map[string]string{
			"CORSDisabled":                         "Причина: CORS отключён",
			"CORSDidNotSucceed2":                   "не удалось выполнить запрос CORS",
			"CORSExternalRedirectNotAllowed":       "Внешнее перенаправление запроса CORS не разрешено",
			"CORSRequestNotHttp":                   "запрос CORS выполнен не по http",
			"CORSMissingAllowOrigin2":              "отсутствует заголовок CORS 'Access-Control-Allow-Origin'",
			"CORSMultipleAllowOriginNotAllowed":    "несколько заголовков CORS 'Access-Control-Allow-Origin' не разрешены",
			"CORSAllowOriginNotMatchingOrigin":     "заголовок CORS 'Access-Control-Allow-Origin' не совпадает с '{value}')",
			"CORSNotSupportingCredentials":         "данные не поддерживаются, если заголовок CORS 'Access-Control-Allow-Origin'",
			"CORSMethodNotFound":                   "Не найден метод в заголовке CORS 'Access-Control-Allow-Methods'",
			"CORSMissingAllowCredentials":          "в заголовке CORS 'Access-Control-Allow-Credentials' ожидалось",
			"CORSPreflightDidNotSucceed3":          "неудача ответа CORS preflight",
			"CORSInvalidAllowMethod":               "некорректный токен '{value}' в заголовке CORS 'Access-Control-Allow-Methods'",
			"CORSInvalidAllowHeader":               "некорректный токен '{value}' в заголовке CORS 'Access-Control-Allow-Headers'",
			"CORSMissingAllowHeaderFromPreflight2": "заголовок '{header}' не разрешён согласно заголовку 'Access-Control-Allow-Headers'",
			"status":                               "). Код состояния: {status}",
		},
	},
	"zh": {
		before: []string{"同源策略禁止读取位于"},
		after:  []string{" 的远程资源。（原因："},
		reasons: map[string]string{
			"CORSDisabled":                         "CORS 未启用",
			"CORSRequestNotHttp":                   "CORS 请求不是 http",
			"CORSDidNotSucceed2":                   "CORS 请求未能成功",
			"CORSMissingAllowOrigin2":              "CORS 头缺少 'Access-Control-Allow-Origin'",
			"CORSAllowOriginNotMatchingOrigin":     "CORS 头 'Access-Control-Allow-Origin' 不匹配 '{value}'）",
			"CORSMethodNotFound":                   "找不到 CORS 头中的 'Access-Control-Allow-Methods'",
			"CORSMissingAllowCredentials":          "CORS 头中的 'Access-Control-Allow-Credentials' 预期为",
			"CORSPreflightDidNotSucceed3":          "CORS 预检通道未成功",
			"CORSInvalidAllowMethod":               "CORS 头 'Access-Control-Allow-Methods' 中的令牌 '{value}' 无效",
			"CORSInvalidAllowHeader":               "CORS 头 'Access-Control-Allow-Headers' 中的令牌 '{value}' 无效",
			"CORSMissingAllowHeaderFromPreflight2": "来自 CORS 预检通道的 CORS 头 'Access-Control-Allow-Headers' 的令牌 '{header}' 无效",
		},
	},
	"ja": {
		before: []string{"同一生成元ポリシーにより、"},
		after:  []string{" にあるリモートリソースの読み込みは拒否されます (理由:"},
		reasons: map[string]string{
			"CORSDisabled":                         "CORS が無効",
			"CORSDidNotSucceed2":                   "CORS 要求が成功しなかった",
			"CORSExternalRedirectNotAllowed":       "CORS 要求の外部リダイレクトは許可されない",
			"CORSRequestNotHttp":                   "CORS 要求が http でない",
			"CORSMissingAllowOrigin2":              "CORS ヘッダー 'Access-Control-Allow-Origin' が足りない",
			"CORSAllowOriginNotMatchingOrigin":     "CORS ヘッダー 'Access-Control-Allow-Origin' が '{value}' と異なる",
			"CORSNotSupportingCredentials":         "CORS ヘッダー 'Access-Control-Allow-Origin' が '*' である場合",
			"CORSMethodNotFound":                   "CORS ヘッダー 'Access-Control-Allow-Methods' にメソッドが見つからない",
			"CORSMissingAllowCredentials":          "CORS ヘッダー 'Access-Control-Allow-Credentials' は 'true' であるべき",
			"CORSPreflightDidNotSucceed3":          "CORS プリフライトチャンネルが継承されていない",
			"CORSInvalidAllowMethod":               "CORS ヘッダー 'Access-Control-Allow-Methods' に不正なトークン '{value}' が含まれる",
			"CORSInvalidAllowHeader":               "CORS ヘッダー 'Access-Control-Allow-Headers' に不正なトークン '{value}' が含まれる",
			"CORSMissingAllowHeaderFromPreflight2": "'Access-Control-Allow-Headers' にトークン '{header}' が足りない",
			"status":                               "ステータスコード: {status}",
		},
	},
	"it": {
		before: []string{"non consente la lettura della risorsa remota da"},
		after:  []string{". Motivo:"},
		reasons: map[string]string{
			"CORSMissingAllowOrigin2": "header CORS 'Access-Control-Allow-Origin' mancante",
			"status":                  ". Codice di stato: {status}",
		},
	},
	"ko": {
		before: []string{"동일 출처 정책으로 인해"},
		after:  []string{"에 있는 원격 자원을 차단하였습니다. (원인:", " 에 있는 원격 자원을 차단했습니다. (원인:"},
		reasons: map[string]string{
			"CORSMissingAllowOrigin2":          "'Access-Control-Allow-Origin' CORS 헤더가 없음",
			"CORSAllowOriginNotMatchingOrigin": "'Access-Control-Allow-Origin' CORS 헤더가 '{value}'와 일치하지 않음",
			"CORSPreflightDidNotSucceed3":      "CORS 사전 점검 응답 실패",
		},
	},
	"nl": {
		before: []string{"staat het lezen van de externe bron op"},
		after:  []string{" niet toe. (Reden:"},
		reasons: map[string]string{
			"CORSMissingAllowOrigin2": "CORS-header 'Access-Control-Allow-Origin' ontbreekt",
			"CORSDidNotSucceed2":      "CORS-aanvraag is niet gelukt",
		},
	},
	"pl": {
		before: []string{"nie pozwalają wczytywać zdalnych zasobów z"},
		after:  []string{" ("},
		reasons: map[string]string{
			"CORSMissingAllowOrigin2":          "brakujący nagłówek CORS 'Access-Control-Allow-Origin'",
			"CORSAllowOriginNotMatchingOrigin": "nagłówek CORS 'Access-Control-Allow-Origin' nie pasuje do '{value}')",
			"CORSDidNotSucceed2":               "nieudane żądanie CORS",
			"status":                           "). Kod stanu: {status}",
		},
	},
}

// translated are the patterns of all languages.
func translated() []pattern {
	var list []pattern
	names := make([]string, 0, len(languages))
	for name := range languages {
		names = append(names, name)
	}
	sort.Strings(names) // so that ties between patterns are always decided alike
	for _, name := range names {
		list = append(list, languages[name].patterns()...)
	}
	setBrowser(list, "firefox", ClassCORS)
	return list
}

func (l language) patterns() []pattern {
	var list []pattern
	for _, before := range l.before {
		for _, after := range l.after {
			list = append(list, pattern{role: rolePrefix, text: before + "{gap}'{url}'" + after})
		}
	}
	codes := make([]string, 0, len(l.reasons))
	for code := range l.reasons {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		p := pattern{role: roleReason, code: currentCategory(code), text: l.reasons[code]}
		if code == "status" {
			p.role, p.code = roleTail, ""
		}
		list = append(list, p)
	}
	return list
}

// currentCategory is today's name of a category that was renamed when its
// wording changed.
func currentCategory(code string) string {
	switch strings.TrimRight(code, "23") {
	case "CORSDidNotSucceed":
		return "CORSDidNotSucceed2"
	case "CORSMissingAllowOrigin":
		return "CORSMissingAllowOrigin2"
	case "CORSPreflightDidNotSucceed":
		return "CORSPreflightDidNotSucceed3"
	case "CORSMissingAllowHeaderFromPreflight":
		return "CORSMissingAllowHeaderFromPreflight2"
	}
	return code
}
